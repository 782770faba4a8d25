-- Conversations, their messages, and the runs that answer them.

CREATE TABLE chat_sessions (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 120),
    -- The number of its last message; whoever adds one holds this row, so numbers have no holes.
    last_seq bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (tenant_id, id)
);

CREATE INDEX chat_sessions_latest ON chat_sessions (tenant_id, updated_at DESC, id DESC);

CREATE TABLE messages (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session_id uuid NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    role text NOT NULL CHECK (role IN ('user', 'assistant')),
    content text NOT NULL,
    -- Who wrote it, and by what name the sender's program knows it, so that it is stored once.
    author uuid,
    client_message_id uuid,
    -- The run that wrote it, and how that ended.
    run_id uuid,
    ending text CHECK (ending IN ('complete', 'length', 'filtered', 'stopped', 'failed')),
    provider text,
    model text,
    created_at timestamptz NOT NULL,
    UNIQUE (tenant_id, id),
    UNIQUE (session_id, seq),
    UNIQUE (session_id, client_message_id),
    UNIQUE (run_id),
    CHECK ((role = 'assistant') = (run_id IS NOT NULL AND ending IS NOT NULL)),
    CHECK ((role = 'user') = (client_message_id IS NOT NULL)),
    FOREIGN KEY (tenant_id, session_id) REFERENCES chat_sessions (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, author) REFERENCES users (tenant_id, id) ON DELETE SET NULL (author)
);

CREATE TABLE runs (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    session_id uuid NOT NULL,
    -- The message that it answers.
    question uuid NOT NULL,
    asked_by uuid,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    -- Why it failed, for a person.
    reason text,
    provider text NOT NULL,
    model text NOT NULL,
    model_reason text NOT NULL,
    -- The model that was to answer before this one had to.
    fallback_from text,
    -- What is set aside for it.
    reservation_id uuid NOT NULL,
    -- The answer as far as it was saved, the id of the event that brought the last of it, and how often it was saved.
    text text NOT NULL DEFAULT '',
    text_cursor text,
    saves bigint NOT NULL DEFAULT 0,
    -- The instance that works on it, and until when nobody else may.
    owner uuid,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    stop_requested boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    UNIQUE (tenant_id, id),
    CHECK ((state = 'running') = (owner IS NOT NULL AND lease_until IS NOT NULL)),
    CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
    FOREIGN KEY (tenant_id, session_id) REFERENCES chat_sessions (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, question) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
);

-- Answers of one session come one after the other.
CREATE UNIQUE INDEX runs_one_at_a_time ON runs (session_id) WHERE state = 'running';
CREATE INDEX runs_waiting ON runs (id) WHERE state = 'queued';
CREATE INDEX runs_leases ON runs (lease_until) WHERE state = 'running';
CREATE INDEX runs_of_sessions ON runs (tenant_id, session_id);
CREATE INDEX runs_of_questions ON runs (tenant_id, question);

-- Which model answers: chosen by the question, unless the tenant wants one for all.
CREATE TABLE model_policies (
    tenant_id uuid PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    size text NOT NULL CHECK (size IN ('small', 'large')),
    updated_at timestamptz NOT NULL
);

ALTER TABLE model_policies ENABLE ROW LEVEL SECURITY;
ALTER TABLE model_policies FORCE ROW LEVEL SECURITY;
ALTER TABLE chat_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE chat_sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
ALTER TABLE runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE runs FORCE ROW LEVEL SECURITY;

CREATE POLICY own_tenant ON model_policies TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON chat_sessions TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON messages TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON runs TO tintype_app USING (tenant_id = current_tenant());

-- Instances take runs of all tenants, and keep them.
CREATE POLICY every_tenant ON runs TO tintype_system USING (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON model_policies, chat_sessions TO tintype_app;
GRANT SELECT, INSERT ON messages TO tintype_app;
GRANT SELECT, INSERT, UPDATE ON runs TO tintype_app;
GRANT SELECT, UPDATE ON runs TO tintype_system;
