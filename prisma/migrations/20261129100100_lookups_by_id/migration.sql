-- The same indexes as before, each with a condition that every row meets, and only those queries imply that name a panel. Of a small table
-- the planner thinks each index of a tenant as good as another, takes the one that was made last, and keeps that plan: a look-up by id
-- then read all of a tenant that had grown meanwhile (ADR-0102).
-- One after the other, so that whoever lists a panel meanwhile has the others.
DROP INDEX CONCURRENTLY IF EXISTS customer_of_panel;
CREATE INDEX CONCURRENTLY customer_of_panel ON customer (tenant_id, reseller_id, id) WHERE reseller_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS customer_expiry;
CREATE INDEX CONCURRENTLY customer_expiry ON customer (tenant_id, reseller_id, expires_at) WHERE reseller_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS customer_by_name;
CREATE INDEX CONCURRENTLY customer_by_name ON customer (tenant_id, reseller_id, sort_key, id) WHERE reseller_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS reseller_children;
CREATE INDEX CONCURRENTLY reseller_children ON reseller (tenant_id, parent_id, id) WHERE parent_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS reseller_by_name;
CREATE INDEX CONCURRENTLY reseller_by_name ON reseller (tenant_id, parent_id, sort_key, id) WHERE parent_id IS NOT NULL;
