-- The access feed (R48, ADR-0088): every change of what a customer may use, numbered in its tenant.

-- Written in the commit of the change, and gone when it has its number. ids rise in the order of a customer's commits: what changes a
-- customer holds its panel's account.
CREATE TABLE access_waiting (
  tenant_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  customer_id uuid NOT NULL,
  event text COLLATE "C" NOT NULL,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- What the customer may use is that of the moment of the numbering: never older than the change, nor than the number before.
CREATE TABLE access_event (
  tenant_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version >= 1),
  event text COLLATE "C" NOT NULL,
  customer_id uuid NOT NULL,
  reseller_id uuid NOT NULL,
  active boolean NOT NULL,
  screens smallint NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, version)
);
CREATE INDEX access_event_of_panel ON access_event (tenant_id, reseller_id, version);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_event
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();

-- Which end of service, and which number of screens, is an event already. What ended before this was kept is none.
ALTER TABLE customer ADD COLUMN ended_for timestamptz(3), ADD COLUMN screens_told smallint;
UPDATE customer SET ended_for = expires_at WHERE expires_at <= now();
CREATE INDEX customer_to_end ON customer (expires_at) WHERE ended_for IS DISTINCT FROM expires_at;
CREATE INDEX customer_with_spans ON customer (tenant_id, id) WHERE later_spans IS NOT NULL;

GRANT SELECT, INSERT, DELETE ON access_waiting TO revenda_app;
GRANT SELECT, INSERT ON access_event TO revenda_app;
GRANT SELECT ON access_event TO revenda_read;
