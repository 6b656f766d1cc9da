-- By it a look for changed endpoints reads what is newer than the last look (ADR-0075, ADR-0089).
DROP INDEX CONCURRENTLY IF EXISTS webhook_endpoint_changed;
CREATE INDEX CONCURRENTLY webhook_endpoint_changed ON webhook_endpoint (changed_xact, id);
