-- What a panel asks of its customers (R52). A list is replaced as a whole; what a customer chooses is copied.
CREATE TABLE plan (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  reseller_id uuid NOT NULL,
  position smallint NOT NULL CHECK (position BETWEEN 1 AND 20),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  periods smallint NOT NULL CHECK (periods BETWEEN 1 AND 36),
  screens smallint NOT NULL CHECK (screens BETWEEN 1 AND 1000),
  price_minor bigint NOT NULL CHECK (price_minor BETWEEN 1 AND 9007199254740991),
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, reseller_id) REFERENCES reseller (tenant_id, id)
);
CREATE INDEX plan_of_panel ON plan (tenant_id, reseller_id, position);

-- A plan of the customer's panel. One that was removed, or is another panel's since the customer changed hands, counts for none.
ALTER TABLE customer ADD COLUMN plan_id uuid;

GRANT SELECT, INSERT, DELETE ON plan TO revenda_app;
GRANT SELECT ON plan TO revenda_read;
