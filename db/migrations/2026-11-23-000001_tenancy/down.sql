DROP TABLE widgets;
DROP TABLE sessions;
DROP TABLE users;
DROP TABLE tenants;
DROP FUNCTION current_tenant();
