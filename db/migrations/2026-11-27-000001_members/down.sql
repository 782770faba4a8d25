DROP POLICY own_tenant_removals ON users;
DROP POLICY own_tenant_changes ON users;
DROP TABLE invitations;
