-- As 20261129100100_lookups_by_id did for customers and panels: each index has a condition that every row meets, and only those queries imply
-- that name the column. A look-up by the primary key cannot take it, whatever the statistics (ADR-0102).
DROP INDEX CONCURRENTLY IF EXISTS customer_payment_of_panel;
CREATE INDEX CONCURRENTLY customer_payment_of_panel ON customer_payment (tenant_id, reseller_id, id) WHERE reseller_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS customer_payment_of_customer;
CREATE INDEX CONCURRENTLY customer_payment_of_customer ON customer_payment (tenant_id, customer_id, id) WHERE customer_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS purchase_of_buyer;
CREATE INDEX CONCURRENTLY purchase_of_buyer ON purchase (tenant_id, buyer_id, id) WHERE buyer_id IS NOT NULL;
-- A number is unique in its tenant in every moment: the new index is there before the old one goes.
DROP INDEX CONCURRENTLY IF EXISTS purchase_number_in_tenant;
CREATE UNIQUE INDEX CONCURRENTLY purchase_number_in_tenant ON purchase (tenant_id, number) WHERE number IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS purchase_number;
DROP INDEX CONCURRENTLY IF EXISTS webhook_delivery_newest;
CREATE INDEX CONCURRENTLY webhook_delivery_newest ON webhook_delivery (tenant_id, endpoint_id, id) WHERE endpoint_id IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS webhook_delivery_of_status;
CREATE INDEX CONCURRENTLY webhook_delivery_of_status ON webhook_delivery (tenant_id, endpoint_id, status, id) WHERE endpoint_id IS NOT NULL;
