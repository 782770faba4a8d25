-- Invitations into a workspace, and who may change its members.

CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
    role text NOT NULL CHECK (role IN ('owner', 'member')),
    -- Of the token in the link; the token itself is shown once and never stored.
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    invited_by uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz,
    UNIQUE (tenant_id, id),
    CHECK (accepted_at IS NULL OR revoked_at IS NULL),
    FOREIGN KEY (tenant_id, invited_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (invited_by)
);

-- An address has one link that works.
CREATE UNIQUE INDEX invitations_open ON invitations (tenant_id, lower(email))
    WHERE accepted_at IS NULL AND revoked_at IS NULL;

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;

CREATE POLICY own_tenant ON invitations FOR SELECT TO tintype_app USING (tenant_id = current_tenant());

-- Whoever has a token is not known to belong to a tenant yet; what is changed is one tenant's all the same.
CREATE POLICY identity ON invitations FOR SELECT TO tintype_system USING (true);
CREATE POLICY invite ON invitations FOR INSERT TO tintype_system WITH CHECK (tenant_id = current_tenant());
CREATE POLICY change ON invitations FOR UPDATE TO tintype_system USING (tenant_id = current_tenant());

-- The same for users: who a caller is may be asked of all, and one tenant's are changed.
CREATE POLICY own_tenant_changes ON users AS RESTRICTIVE FOR UPDATE TO tintype_system
    USING (tenant_id = current_tenant());
CREATE POLICY own_tenant_removals ON users AS RESTRICTIVE FOR DELETE TO tintype_system
    USING (tenant_id = current_tenant());

GRANT SELECT (id, tenant_id, email, role, invited_by, created_at, expires_at, accepted_at, revoked_at)
    ON invitations TO tintype_app;
GRANT SELECT, INSERT ON invitations TO tintype_system;
GRANT UPDATE (accepted_at, revoked_at) ON invitations TO tintype_system;
