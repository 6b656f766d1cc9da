-- The same indexes as before, each with a condition that every row meets, and only those queries imply that name a panel. Of a small table
-- the planner thinks each index of a tenant as good as another, takes the one that was made last, and keeps that plan: a look-up by id
-- then read all of a tenant that had grown meanwhile (ADR-0102).
DROP INDEX customer_of_panel, customer_expiry, customer_by_name, reseller_children, reseller_by_name;
CREATE INDEX customer_of_panel ON customer (tenant_id, reseller_id, id) WHERE reseller_id IS NOT NULL;
CREATE INDEX customer_expiry ON customer (tenant_id, reseller_id, expires_at) WHERE reseller_id IS NOT NULL;
CREATE INDEX customer_by_name ON customer (tenant_id, reseller_id, sort_key, id) WHERE reseller_id IS NOT NULL;
CREATE INDEX reseller_children ON reseller (tenant_id, parent_id, id) WHERE parent_id IS NOT NULL;
CREATE INDEX reseller_by_name ON reseller (tenant_id, parent_id, sort_key, id) WHERE parent_id IS NOT NULL;
