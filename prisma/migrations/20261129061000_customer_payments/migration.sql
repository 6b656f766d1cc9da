-- What customers pay their panels (R54, ADR-0101). What was chosen is copied, so that neither a plan that is changed nor one that is
-- removed changes a payment. A payment is the panel's whose customer it is; one that is closed hands what is not applied to its parent.
CREATE TYPE customer_payment_status AS ENUM ('PENDING', 'PAID', 'PAID_UNFUNDED', 'APPLIED', 'EXPIRED', 'REFUNDED');

-- settlement_id: of the command by which it was said to be paid, so that a command that is tried again finds itself.
-- transfer_id: the renewal that it became. It is the payment's own id: the journal takes each id once.
CREATE TABLE customer_payment (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  reseller_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  plan_name text NOT NULL CHECK (length(plan_name) BETWEEN 1 AND 100),
  price_minor bigint NOT NULL CHECK (price_minor BETWEEN 1 AND 9007199254740991),
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  periods smallint NOT NULL CHECK (periods BETWEEN 1 AND 36),
  screens smallint NOT NULL CHECK (screens BETWEEN 1 AND 1000),
  status customer_payment_status NOT NULL DEFAULT 'PENDING',
  opened_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  paid_at timestamptz(3),
  paid_by uuid,
  settlement_id uuid,
  reference text CHECK (length(reference) BETWEEN 1 AND 255),
  applied_at timestamptz(3),
  transfer_id uuid CHECK (transfer_id = id),
  changed_xact bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, reseller_id) REFERENCES reseller (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id),
  CONSTRAINT customer_payment_paid CHECK ((status IN ('PENDING', 'EXPIRED')) = (paid_at IS NULL)
    AND (paid_at IS NULL) = (paid_by IS NULL) AND (paid_at IS NULL) = (settlement_id IS NULL)),
  CONSTRAINT customer_payment_applied CHECK ((status = 'APPLIED') <= (transfer_id IS NOT NULL)
    AND (transfer_id IS NULL) = (applied_at IS NULL) AND (transfer_id IS NULL OR status IN ('APPLIED', 'REFUNDED')))
);
-- One that may be paid, of a customer and a plan: two devices that open one at once find the same.
CREATE UNIQUE INDEX customer_payment_open ON customer_payment (tenant_id, customer_id, plan_id) WHERE status = 'PENDING';
-- What every batch of the ledger asks of its panels: what is paid and waits, oldest first. Empty where nothing waits.
CREATE INDEX customer_payment_waiting ON customer_payment (tenant_id, reseller_id, paid_at, id) WHERE status = 'PAID_UNFUNDED';
CREATE INDEX customer_payment_expiring ON customer_payment (expires_at) WHERE status = 'PENDING';
CREATE INDEX customer_payment_of_panel ON customer_payment (tenant_id, reseller_id, id);
CREATE INDEX customer_payment_of_customer ON customer_payment (tenant_id, customer_id, id);
CREATE INDEX customer_payment_changed ON customer_payment (changed_xact, id);

-- As of purchases (ADR-0075): by the transaction that changed it last the servers find what to tell.
CREATE FUNCTION stamp_customer_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_xact := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;
CREATE TRIGGER stamp_customer_payment BEFORE INSERT OR UPDATE ON customer_payment FOR EACH ROW EXECUTE FUNCTION stamp_customer_payment();

-- Nothing of it is ever deleted.
GRANT SELECT, INSERT, UPDATE ON customer_payment TO revenda_app;
GRANT SELECT ON customer_payment TO revenda_read;
