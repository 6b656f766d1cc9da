-- What the service says of each customer: that it is served as of a number of the access feed, or why not (ADR-0081).
CREATE TABLE service_state (
  tenant_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version >= 0),
  state text COLLATE "C" NOT NULL CHECK (state IN ('READY', 'FAILED')),
  reason text,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, customer_id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);

-- From which number on the service of a tenant says such things: nobody waits for what was before.
CREATE TABLE service_begin (
  tenant_id uuid PRIMARY KEY REFERENCES tenant (id),
  version bigint NOT NULL CHECK (version >= 0)
);

-- The last event of a customer.
CREATE INDEX access_event_of_customer ON access_event (tenant_id, customer_id, version);

GRANT SELECT, INSERT, UPDATE ON service_state TO revenda_app;
GRANT SELECT, INSERT ON service_begin TO revenda_app;
GRANT SELECT ON service_state, service_begin TO revenda_read;
