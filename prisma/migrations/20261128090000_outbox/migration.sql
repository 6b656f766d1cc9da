-- The outbox: what leaves the house after the commit that asked for it (ADR-0078).

-- Messages of one lane leave one after another. The lane's row is what writers and workers lock: a lane is there exactly while
-- it has a message that waits. due_at: when its first message is tried next; while a worker has it, when that worker is given up.
CREATE TABLE outbox_lane (
  tenant_id uuid NOT NULL,
  channel text COLLATE "C" NOT NULL CHECK (length(channel) BETWEEN 1 AND 40),
  lane text COLLATE "C" NOT NULL CHECK (length(lane) BETWEEN 1 AND 200),
  target text COLLATE "C" NOT NULL CHECK (length(target) BETWEEN 1 AND 200),
  written bigint NOT NULL,
  due_at timestamptz NOT NULL,
  taken_by uuid,
  PRIMARY KEY (tenant_id, channel, lane)
);
CREATE INDEX outbox_lane_due ON outbox_lane (channel, due_at);

-- body is sealed with a key the database does not know, and gone once the message is dead; a delivered one has no row.
CREATE TABLE outbox_message (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  channel text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  body text,
  attempts integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  last_error text CHECK (length(last_error) <= 200),
  dead_at timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  CHECK ((body IS NULL) = (dead_at IS NOT NULL))
);
CREATE UNIQUE INDEX outbox_message_waiting ON outbox_message (tenant_id, channel, lane, position) WHERE dead_at IS NULL;
CREATE INDEX outbox_message_dead ON outbox_message (dead_at) WHERE dead_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_lane, outbox_message TO revenda_app;
