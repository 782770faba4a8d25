-- The last image of each conversation about which something was asked, to answer the same question about the same
-- picture with the same words.

CREATE TABLE vision_frames (
    session_id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    prompt text NOT NULL,
    model text NOT NULL,
    provider text NOT NULL,
    -- What is compared; the image itself is not kept.
    signature bytea NOT NULL,
    analysis text NOT NULL,
    created_at timestamptz NOT NULL,
    FOREIGN KEY (tenant_id, session_id) REFERENCES chat_sessions (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX vision_frames_of_tenants ON vision_frames (tenant_id, session_id);

ALTER TABLE vision_frames ENABLE ROW LEVEL SECURITY;
ALTER TABLE vision_frames FORCE ROW LEVEL SECURITY;

CREATE POLICY own_tenant ON vision_frames TO tintype_app USING (tenant_id = current_tenant());

GRANT SELECT, INSERT, UPDATE, DELETE ON vision_frames TO tintype_app;
