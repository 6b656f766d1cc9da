-- What customers paid in a time, for reports: what was given back is found by its status. A panel has years of payments, a report a month.
CREATE INDEX customer_payment_paid_at ON customer_payment (tenant_id, reseller_id, paid_at) INCLUDE (status, currency, price_minor)
  WHERE paid_at IS NOT NULL;
