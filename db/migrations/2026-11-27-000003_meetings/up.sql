-- Meetings, who is in their calls, and who may do what there.
-- What is known of calls is what the media server says of them, in whatever order that arrives.

CREATE TABLE meetings (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 120),
    created_by uuid,
    created_at timestamptz NOT NULL,
    -- The latest call: the media server's id of it, and its times by the media server's clock.
    call_sid text CHECK (char_length(call_sid) BETWEEN 1 AND 100),
    started_at timestamptz,
    ended_at timestamptz,
    UNIQUE (tenant_id, id),
    CHECK ((call_sid IS NULL) = (started_at IS NULL)),
    CHECK (ended_at IS NULL OR started_at IS NOT NULL),
    FOREIGN KEY (tenant_id, created_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (created_by)
);

CREATE INDEX meetings_newest ON meetings (tenant_id, created_at DESC, id DESC);
CREATE INDEX meetings_of_creators ON meetings (tenant_id, created_by);

-- Stays in the latest call of a meeting; a person is there once for each device.
CREATE TABLE meeting_participants (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    meeting_id uuid NOT NULL,
    -- The media server's id of the stay, and by what name it knows the device.
    sid text NOT NULL CHECK (char_length(sid) BETWEEN 1 AND 100),
    identity text NOT NULL CHECK (char_length(identity) BETWEEN 1 AND 100),
    user_id uuid NOT NULL,
    joined_at timestamptz NOT NULL,
    left_at timestamptz,
    PRIMARY KEY (tenant_id, meeting_id, sid),
    FOREIGN KEY (tenant_id, meeting_id) REFERENCES meetings (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX meeting_participants_of_users ON meeting_participants (tenant_id, user_id);

-- Who is more than a guest of a meeting, or less. Who created it and the owners of the tenant are hosts without a row.
CREATE TABLE meeting_standings (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    meeting_id uuid NOT NULL,
    user_id uuid NOT NULL,
    standing text NOT NULL CHECK (standing IN ('host', 'removed')),
    PRIMARY KEY (tenant_id, meeting_id, user_id),
    FOREIGN KEY (tenant_id, meeting_id) REFERENCES meetings (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX meeting_standings_of_users ON meeting_standings (tenant_id, user_id);

-- What the media server has said already; it says some things twice.
CREATE TABLE meeting_events (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    meeting_id uuid NOT NULL,
    id text NOT NULL CHECK (char_length(id) BETWEEN 1 AND 100),
    received_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, meeting_id, id),
    FOREIGN KEY (tenant_id, meeting_id) REFERENCES meetings (tenant_id, id) ON DELETE CASCADE
);

ALTER TABLE meetings ENABLE ROW LEVEL SECURITY;
ALTER TABLE meetings FORCE ROW LEVEL SECURITY;
ALTER TABLE meeting_participants ENABLE ROW LEVEL SECURITY;
ALTER TABLE meeting_participants FORCE ROW LEVEL SECURITY;
ALTER TABLE meeting_standings ENABLE ROW LEVEL SECURITY;
ALTER TABLE meeting_standings FORCE ROW LEVEL SECURITY;
ALTER TABLE meeting_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE meeting_events FORCE ROW LEVEL SECURITY;

CREATE POLICY own_tenant ON meetings TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON meeting_participants TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON meeting_standings TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON meeting_events TO tintype_app USING (tenant_id = current_tenant());

GRANT SELECT, INSERT, UPDATE ON meetings TO tintype_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON meeting_participants, meeting_standings TO tintype_app;
GRANT SELECT, INSERT, DELETE ON meeting_events TO tintype_app;
