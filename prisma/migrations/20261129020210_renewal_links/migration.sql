-- The link to a customer's own page (R53). It is found by the hash of its token; the sealed token is for its panel, which shows the link again.
CREATE TABLE renewal_link (
  tenant_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
  token text COLLATE "C" NOT NULL,
  made_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, customer_id)
);
-- Whoever opens one says no tenant: its hash is unique across the deployment, as a session's is.
CREATE UNIQUE INDEX renewal_link_token ON renewal_link (token_hash);

GRANT SELECT, INSERT, UPDATE, DELETE ON renewal_link TO revenda_app;
