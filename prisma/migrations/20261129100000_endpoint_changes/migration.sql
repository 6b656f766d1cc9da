-- As of purchases (ADR-0075): by the transaction that changed an endpoint last the servers find what to tell its owner. What a process
-- does with it while it delivers is no change; that a delivery was given up, or that such a one is sent again, is.
ALTER TABLE webhook_endpoint ADD COLUMN changed_xact bigint NOT NULL DEFAULT 0;

CREATE FUNCTION stamp_webhook_endpoint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_xact := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;
CREATE TRIGGER stamp_webhook_endpoint BEFORE INSERT OR UPDATE OF url, events, disabled_at, removed_at ON webhook_endpoint
  FOR EACH ROW EXECUTE FUNCTION stamp_webhook_endpoint();

-- Whoever gives a delivery up or sends it again holds its endpoint.
CREATE FUNCTION note_dead_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE webhook_endpoint SET changed_xact = pg_current_xact_id()::text::bigint
  WHERE tenant_id = NEW.tenant_id AND id = NEW.endpoint_id AND changed_xact <> pg_current_xact_id()::text::bigint;
  RETURN NULL;
END $$;
CREATE TRIGGER note_dead_delivery AFTER UPDATE OF status ON webhook_delivery
  FOR EACH ROW WHEN ((OLD.status = 'DEAD') <> (NEW.status = 'DEAD')) EXECUTE FUNCTION note_dead_delivery();

-- An address may hold a secret of its receiver.
GRANT SELECT (tenant_id, id, reseller_id, changed_xact) ON webhook_endpoint TO revenda_read;
