-- How sellers are paid by a provider, and what providers said.

-- Where a seller has its money: seller_id is its panel, or the platform's nil id. The secrets are sealed with a key that the
-- database does not know. `id` is in the address that the provider sends its events to.
CREATE TABLE payment_account (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  seller_id uuid NOT NULL,
  provider payment_provider NOT NULL CHECK (provider <> 'MANUAL'),
  id uuid NOT NULL UNIQUE,
  enabled boolean NOT NULL,
  api_secret text,
  webhook_secret text,
  pix_key text CHECK (length(pix_key) BETWEEN 1 AND 77),
  merchant_name text CHECK (length(merchant_name) BETWEEN 1 AND 25),
  merchant_city text CHECK (length(merchant_city) BETWEEN 1 AND 15),
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, seller_id, provider)
);

-- One payment is for one purchase, whoever tells of it and how often (R28). `reference` is what the provider calls it.
-- A payment may be known to have gone back before it is known to have come.
CREATE TABLE payment (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  reference text COLLATE "C" NOT NULL CHECK (length(reference) BETWEEN 1 AND 255),
  purchase_tenant_id uuid NOT NULL,
  purchase_id uuid NOT NULL,
  reversed_at timestamptz(3),
  PRIMARY KEY (tenant_id, account_id, reference)
);

-- What was taken notice of: a provider repeats itself.
CREATE TABLE payment_event (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  event_id text COLLATE "C" NOT NULL CHECK (length(event_id) BETWEEN 1 AND 255),
  received_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, account_id, event_id)
);

-- By a purchase, what it moved: a repeated chargeback is answered with the first.
CREATE INDEX transfer_of_purchase ON transfer (tenant_id, purchase_id, id) WHERE purchase_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON payment_account, payment TO revenda_app;
GRANT SELECT, INSERT ON payment_event TO revenda_app;
GRANT SELECT (tenant_id, seller_id, provider, id, enabled, pix_key, merchant_name, merchant_city, updated_at) ON payment_account TO revenda_read;
GRANT SELECT ON payment, payment_event TO revenda_read;
