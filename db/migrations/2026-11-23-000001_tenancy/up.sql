-- Tenants, their users and sessions, and widgets.
-- Row-level security is forced on every table: who forgets a filter finds nothing.
-- tintype_app works for one tenant at a time; tintype_system finds out who a caller is, before a tenant is known.

CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    -- After a transaction with SET LOCAL the setting is '' and not NULL.
    RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;

CREATE TABLE tenants (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    created_at timestamptz NOT NULL
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
    name text CHECK (char_length(name) BETWEEN 1 AND 120),
    role text NOT NULL CHECK (role IN ('owner', 'member')),
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (tenant_id, id)
);

CREATE UNIQUE INDEX users_email ON users (lower(email));

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    user_agent text CHECK (char_length(user_agent) <= 512),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);

CREATE INDEX sessions_user ON sessions (tenant_id, user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE widgets (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    config jsonb NOT NULL CHECK (jsonb_typeof(config) = 'object'),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (tenant_id, id)
);

CREATE INDEX widgets_newest ON widgets (tenant_id, created_at DESC, id DESC);

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE widgets ENABLE ROW LEVEL SECURITY;
ALTER TABLE widgets FORCE ROW LEVEL SECURITY;

CREATE POLICY own_tenant ON tenants TO tintype_app USING (id = current_tenant());
CREATE POLICY own_tenant ON users TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON widgets TO tintype_app USING (tenant_id = current_tenant());

CREATE POLICY identity ON tenants TO tintype_system USING (true);
CREATE POLICY identity ON users TO tintype_system USING (true);
CREATE POLICY identity ON sessions TO tintype_system USING (true);

-- The tenant role has no access to sessions, and none to password hashes.
GRANT SELECT ON tenants TO tintype_app;
GRANT SELECT (id, tenant_id, email, name, role, created_at) ON users TO tintype_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON widgets TO tintype_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON tenants, users, sessions TO tintype_system;
