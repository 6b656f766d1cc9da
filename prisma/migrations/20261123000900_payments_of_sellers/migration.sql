-- One payment settles one purchase of its seller's, whoever sends it again (R28). Of its seller's: what another writes down
-- for a reference must not keep this one's money from being credited. The platform, as nil, sells in every tenant.
DROP INDEX IF EXISTS purchase_reference;
CREATE UNIQUE INDEX purchase_reference ON purchase (coalesce(seller_id, '00000000-0000-0000-0000-000000000000'), provider, reference)
  WHERE provider <> 'MANUAL' AND reference IS NOT NULL;
