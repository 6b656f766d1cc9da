-- Customers, trials, buying, and what a tenant's owner decides. ARCHITECTURE.md says why each table is as it is.

CREATE TYPE purchase_status AS ENUM ('PENDING', 'PAID', 'PAID_UNFUNDED', 'CANCELED', 'EXPIRED', 'CHARGED_BACK');
CREATE TYPE purchase_source AS ENUM ('PLATFORM', 'PARENT');
CREATE TYPE refund_policy AS ENUM ('NONE', 'UNUSED_PERIODS');
CREATE TYPE payment_provider AS ENUM ('MANUAL', 'STRIPE', 'MERCADO_PAGO');

-- The policy of a whole tree, set by the owner of its root.
ALTER TABLE tenant
  ADD COLUMN trial_max_hours smallint NOT NULL DEFAULT 24 CHECK (trial_max_hours BETWEEN 1 AND 24),
  ADD COLUMN trial_quota smallint NOT NULL DEFAULT 25 CHECK (trial_quota BETWEEN 0 AND 25),
  ADD COLUMN reclaim_allowed boolean NOT NULL DEFAULT false,
  ADD COLUMN purchase_source purchase_source NOT NULL DEFAULT 'PLATFORM',
  ADD COLUMN refund_policy refund_policy NOT NULL DEFAULT 'NONE',
  ADD COLUMN minimum_transfer bigint NOT NULL DEFAULT 1 CHECK (minimum_transfer BETWEEN 1 AND 1000000000),
  ADD COLUMN time_zone text NOT NULL DEFAULT 'America/Sao_Paulo' CHECK (length(time_zone) BETWEEN 1 AND 64);

-- Below 0 where a panel refunds what a closed child of its had spent: their common branch sums to 0 or more.
ALTER TABLE account
  DROP CONSTRAINT account_consumed_check,
  ADD CHECK (consumed BETWEEN -9007199254740991 AND 9007199254740991);

-- A panel is suspended while suspended_at is set: by the hand of an ancestor (suspended_by), for debt (in_debt), or both.
ALTER TABLE reseller
  ADD COLUMN suspended_by uuid,
  ADD COLUMN in_debt boolean NOT NULL DEFAULT false,
  ADD CHECK (NOT in_debt OR suspended_at IS NOT NULL),
  ADD FOREIGN KEY (tenant_id, suspended_by) REFERENCES reseller (tenant_id, id);

-- contact_key: the contact without what people write differently, so that one contact has one trial (R24).
-- search_key: name and contact in lower case and without accents.
CREATE TABLE customer (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  reseller_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  contact text CHECK (length(contact) BETWEEN 1 AND 200),
  contact_key text COLLATE "C",
  notes text CHECK (length(notes) BETWEEN 1 AND 2000),
  search_key text COLLATE "C" NOT NULL,
  screens smallint NOT NULL CHECK (screens BETWEEN 1 AND 1000),
  next_screens smallint NOT NULL CHECK (next_screens BETWEEN 1 AND screens),
  is_trial boolean NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  canceled_at timestamptz(3),
  credits_spent bigint NOT NULL DEFAULT 0 CHECK (credits_spent BETWEEN 0 AND 9007199254740991),
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, reseller_id) REFERENCES reseller (tenant_id, id),
  CHECK (NOT is_trial OR (screens = 1 AND credits_spent = 0)),
  CHECK ((contact IS NULL) = (contact_key IS NULL))
);
-- A panel's customers in the order in which they were made, and by the end of their service.
CREATE INDEX customer_of_panel ON customer (tenant_id, reseller_id, id);
CREATE INDEX customer_expiry ON customer (tenant_id, reseller_id, expires_at);

-- Once per contact in a tenant, whatever the customer's contact becomes later (R24).
CREATE TABLE trial (
  tenant_id uuid NOT NULL,
  contact_key text COLLATE "C" NOT NULL,
  customer_id uuid NOT NULL,
  reseller_id uuid NOT NULL,
  started_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, contact_key)
);
CREATE INDEX trial_quota ON trial (tenant_id, reseller_id, started_at);

-- What a seller asks: seller_id is its panel, or the platform's nil id. A list is replaced whole; purchases carry a copy of their price.
CREATE TABLE credit_package (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  seller_id uuid NOT NULL,
  id uuid NOT NULL,
  quantity bigint NOT NULL CHECK (quantity BETWEEN 10 AND 1000000000),
  unit_price_minor bigint NOT NULL CHECK (unit_price_minor BETWEEN 0 AND 9007199254740991),
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, seller_id, quantity)
);

-- seller_id null: the platform. EXPIRED is never stored: it is what PENDING means past expires_at.
CREATE TABLE purchase (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  buyer_id uuid NOT NULL,
  seller_id uuid,
  quantity bigint NOT NULL CHECK (quantity BETWEEN 10 AND 1000000000),
  total_minor bigint NOT NULL CHECK (total_minor BETWEEN 0 AND 9007199254740991),
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  provider payment_provider NOT NULL,
  status purchase_status NOT NULL CHECK (status <> 'EXPIRED'),
  created_by uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  settled_at timestamptz(3),
  transfer_id uuid,
  -- What the provider, or the seller who confirmed, calls the payment.
  reference text CHECK (length(reference) BETWEEN 1 AND 255),
  payment_instructions text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, buyer_id) REFERENCES reseller (tenant_id, id),
  FOREIGN KEY (tenant_id, seller_id) REFERENCES reseller (tenant_id, id),
  CHECK ((status IN ('PAID', 'CHARGED_BACK')) = (transfer_id IS NOT NULL)),
  CHECK ((status IN ('PAID', 'CHARGED_BACK')) = (settled_at IS NOT NULL))
);
CREATE INDEX purchase_of_buyer ON purchase (tenant_id, buyer_id, id);
CREATE INDEX purchase_of_seller ON purchase (tenant_id, seller_id, id) WHERE seller_id IS NOT NULL;
CREATE INDEX purchase_of_platform ON purchase (id) WHERE seller_id IS NULL;
-- One payment settles one purchase, whoever sends it again (R28).
CREATE UNIQUE INDEX purchase_reference ON purchase (provider, reference) WHERE provider <> 'MANUAL' AND reference IS NOT NULL;

ALTER TABLE transfer ADD COLUMN customer_id uuid, ADD COLUMN purchase_id uuid;
-- A customer's own history; nothing of it is paid for by transfers between panels.
CREATE INDEX transfer_of_customer ON transfer (tenant_id, customer_id, id) WHERE customer_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON customer, purchase TO revenda_app;
GRANT SELECT, INSERT ON trial TO revenda_app;
GRANT SELECT, INSERT, DELETE ON credit_package TO revenda_app;
GRANT SELECT ON customer, purchase, trial, credit_package TO revenda_read;
