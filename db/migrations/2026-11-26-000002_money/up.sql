-- What AI costs: a limit for each month, what is reserved for calls that are under way, and what calls have cost.
-- Money is micro-dollars. A call counts for the month, in UTC, in which it was reserved.

CREATE TABLE budgets (
    tenant_id uuid PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    -- Without a limit: NULL, as without a row.
    limit_micro_usd bigint CHECK (limit_micro_usd >= 0),
    updated_at timestamptz NOT NULL
);

CREATE TABLE budget_months (
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    spent_micro_usd bigint NOT NULL DEFAULT 0 CHECK (spent_micro_usd >= 0),
    reserved_micro_usd bigint NOT NULL DEFAULT 0 CHECK (reserved_micro_usd >= 0),
    PRIMARY KEY (tenant_id, month)
);

CREATE TABLE reservations (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id uuid,
    session_id uuid,
    run_id uuid,
    service text NOT NULL CHECK (service IN ('chat', 'vision', 'embedding', 'rerank')),
    provider text NOT NULL,
    model text NOT NULL,
    -- The most that the call can use and cost; NULL for a model without a price.
    input_tokens bigint NOT NULL CHECK (input_tokens >= 0),
    output_tokens bigint NOT NULL CHECK (output_tokens >= 0),
    amount_micro_usd bigint CHECK (amount_micro_usd >= 0),
    price_version text NOT NULL,
    created_at timestamptz NOT NULL,
    -- When nobody can be at work any more for whom it was made.
    expires_at timestamptz NOT NULL
);

CREATE INDEX reservations_expiry ON reservations (expires_at);

CREATE TABLE cost_events (
    -- That of its reservation: a call is recorded once.
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- Costs stay when who caused them is gone, so these are no references.
    user_id uuid,
    session_id uuid,
    run_id uuid,
    service text NOT NULL CHECK (service IN ('chat', 'vision', 'embedding', 'rerank')),
    provider text NOT NULL,
    model text NOT NULL,
    input_tokens bigint NOT NULL CHECK (input_tokens >= 0),
    cached_tokens bigint NOT NULL CHECK (cached_tokens BETWEEN 0 AND input_tokens),
    output_tokens bigint NOT NULL CHECK (output_tokens >= 0),
    -- Whether the tokens were estimated, because the provider did not say them.
    is_estimate boolean NOT NULL,
    -- NULL for a model without a price.
    cost_micro_usd bigint CHECK (cost_micro_usd >= 0),
    price_version text NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE INDEX cost_events_time ON cost_events (tenant_id, created_at);

ALTER TABLE budgets ENABLE ROW LEVEL SECURITY;
ALTER TABLE budgets FORCE ROW LEVEL SECURITY;
ALTER TABLE budget_months ENABLE ROW LEVEL SECURITY;
ALTER TABLE budget_months FORCE ROW LEVEL SECURITY;
ALTER TABLE reservations ENABLE ROW LEVEL SECURITY;
ALTER TABLE reservations FORCE ROW LEVEL SECURITY;
ALTER TABLE cost_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE cost_events FORCE ROW LEVEL SECURITY;

CREATE POLICY own_tenant ON budgets TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON budget_months TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON reservations TO tintype_app USING (tenant_id = current_tenant());
CREATE POLICY own_tenant ON cost_events TO tintype_app USING (tenant_id = current_tenant());

-- One task finds what nobody will settle, for all tenants.
CREATE POLICY every_tenant ON reservations FOR SELECT TO tintype_system USING (true);

GRANT SELECT, INSERT, UPDATE ON budgets, budget_months TO tintype_app;
GRANT SELECT, INSERT, DELETE ON reservations TO tintype_app;
GRANT SELECT, INSERT ON cost_events TO tintype_app;
GRANT SELECT ON reservations TO tintype_system;
