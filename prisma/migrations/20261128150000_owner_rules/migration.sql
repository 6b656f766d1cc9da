-- What the owner of a tenant decides of minimums, the lock and trials (R8, R13, R24, R26, R57), and what a panel keeps in reserve (R57).

CREATE TYPE lock_mode AS ENUM ('FULL', 'SPENDING');

ALTER TABLE tenant
  ADD COLUMN minimum_purchase bigint NOT NULL DEFAULT 10 CHECK (minimum_purchase BETWEEN 1 AND 1000000000),
  ADD COLUMN minimum_initial_credits bigint NOT NULL DEFAULT 10 CHECK (minimum_initial_credits BETWEEN 1 AND 1000000000),
  ADD COLUMN lock_mode lock_mode NOT NULL DEFAULT 'FULL',
  ADD COLUMN trials_for_new_contacts_only boolean NOT NULL DEFAULT true;

-- What would leave less than the reserve threshold is refused unless the command says otherwise. Not in `account`, which every posting writes.
ALTER TABLE reseller ADD COLUMN keep_reserve boolean NOT NULL DEFAULT false;

-- The least quantity is the tenant's to say.
ALTER TABLE purchase DROP CONSTRAINT purchase_quantity_check, ADD CONSTRAINT purchase_quantity CHECK (quantity BETWEEN 1 AND 1000000000);
ALTER TABLE credit_package
  DROP CONSTRAINT credit_package_quantity_check, ADD CONSTRAINT credit_package_quantity CHECK (quantity BETWEEN 1 AND 1000000000);
