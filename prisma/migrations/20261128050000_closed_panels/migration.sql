-- What a branch holds counts its open panels: those that are closed are few, and counted by an index that has nothing else.
CREATE INDEX reseller_closed ON reseller (tenant_id, path) WHERE closed_at IS NOT NULL;
