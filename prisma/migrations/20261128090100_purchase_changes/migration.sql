-- In which transaction a purchase was last changed (ADR-0075): by it the servers find what changed since they last looked, and miss
-- nothing, however late a transaction commits. 0: before this was kept. By a trigger, so that it holds of whatever changes a purchase.
ALTER TABLE purchase ADD COLUMN changed_xact bigint NOT NULL DEFAULT 0;

CREATE FUNCTION stamp_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_xact := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;
CREATE TRIGGER stamp_purchase BEFORE INSERT OR UPDATE ON purchase FOR EACH ROW EXECUTE FUNCTION stamp_purchase();

CREATE INDEX purchase_changed ON purchase (changed_xact, id);
