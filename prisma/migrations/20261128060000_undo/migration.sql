-- Undoing a spend (R45).

ALTER TYPE transfer_kind ADD VALUE IF NOT EXISTS 'UNDO';

-- Minutes in which a spend may be undone; 0: never.
ALTER TABLE tenant ADD COLUMN undo_minutes smallint NOT NULL DEFAULT 10 CHECK (undo_minutes BETWEEN 0 AND 60);

-- The spend that changed the customer last, and what the customer was paid for before it: {screens, laterSpans, nextScreens, isTrial,
-- expiresAtMs, canceledAtMs}; NULL: the spend made the customer.
ALTER TABLE customer
  ADD COLUMN last_spending_id uuid,
  ADD COLUMN before_spending jsonb CHECK (before_spending IS NULL OR last_spending_id IS NOT NULL);

-- Whoever changes what a customer may use, the version before and this one, thereby says that an earlier spend is not its last change.
CREATE FUNCTION customer_forgets_spending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.last_spending_id := NULL;
  NEW.before_spending := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER forgets_spending BEFORE UPDATE ON customer FOR EACH ROW
  WHEN (OLD.last_spending_id IS NOT NULL AND NEW.last_spending_id IS NOT DISTINCT FROM OLD.last_spending_id
    AND (OLD.reseller_id, OLD.screens, OLD.later_spans, OLD.next_screens, OLD.is_trial, OLD.expires_at, OLD.canceled_at, OLD.credits_spent)
      IS DISTINCT FROM (NEW.reseller_id, NEW.screens, NEW.later_spans, NEW.next_screens, NEW.is_trial, NEW.expires_at, NEW.canceled_at, NEW.credits_spent))
  EXECUTE FUNCTION customer_forgets_spending();

-- Which transfer took which back; a spend is undone once. reseller_id: the panel that spent and undid.
CREATE TABLE undone_spending (
  tenant_id uuid NOT NULL,
  spending_id uuid NOT NULL,
  undo_id uuid NOT NULL,
  reseller_id uuid NOT NULL,
  undone_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, spending_id),
  UNIQUE (tenant_id, undo_id)
);
-- How often a panel has undone something in the last day.
CREATE INDEX undone_by_panel ON undone_spending (tenant_id, reseller_id, undone_at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON undone_spending
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();

GRANT SELECT, INSERT ON undone_spending TO revenda_app;
GRANT SELECT ON undone_spending TO revenda_read;
