-- Events that were caused by a transaction and are not published yet.
-- The id is the application's, a UUID of version 7: with it a broker takes an event once, so it must never come again,
-- not even in a database that was restored from a backup, as the numbers of a sequence would.

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    topic text NOT NULL,
    payload bytea NOT NULL,
    -- How much of the topic is kept, if it says so: events, and how long.
    kept_events bigint,
    kept_ms bigint,
    -- The database's clock, because instances compare it.
    created_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;

-- A tenant puts events in and never looks: they are published for all tenants by one task.
CREATE POLICY own_tenant ON outbox FOR INSERT TO tintype_app WITH CHECK (tenant_id = current_tenant());
CREATE POLICY every_tenant ON outbox TO tintype_system USING (true);

GRANT INSERT (id, tenant_id, topic, payload, kept_events, kept_ms) ON outbox TO tintype_app;
GRANT INSERT (id, tenant_id, topic, payload, kept_events, kept_ms), SELECT, DELETE ON outbox TO tintype_system;
-- To lock rows while they are published; nothing is ever changed in one.
GRANT UPDATE (id) ON outbox TO tintype_system;
