-- What a customer signs in to the service with (R46).

-- secret is sealed with a key that the database does not know, and proof is a keyed digest of it: checking one is a comparison (ADR-0087).
CREATE TABLE customer_access (
  tenant_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  login text COLLATE "C" NOT NULL CHECK (login ~ '^[a-z0-9._-]{3,64}$'),
  secret text COLLATE "C" NOT NULL,
  proof text COLLATE "C" NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, customer_id)
);
-- Whose a login is, and that it is nobody else's in the tenant.
CREATE UNIQUE INDEX access_login ON customer_access (tenant_id, login);

-- Customers of before, and those that a server of the version before makes, are given theirs by src/domain/access/give-access.ts.
ALTER TABLE customer ADD COLUMN has_access boolean NOT NULL DEFAULT false;
CREATE INDEX customer_without_access ON customer (tenant_id, id) WHERE NOT has_access;

GRANT SELECT, INSERT, UPDATE ON customer_access TO revenda_app;
GRANT SELECT (tenant_id, customer_id, login) ON customer_access TO revenda_read;
