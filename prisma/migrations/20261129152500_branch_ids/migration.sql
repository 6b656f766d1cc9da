-- The ids of a branch's panels from the index alone, for sums over branches. Every panel below a root has a parent, and only those sums
-- say so: of a small table the planner would take this index for a look-up by id, too, and keep that plan (ADR-0102).
DROP INDEX CONCURRENTLY IF EXISTS reseller_branch;
CREATE INDEX CONCURRENTLY reseller_branch ON reseller (tenant_id, path) INCLUDE (id) WHERE parent_id IS NOT NULL;
