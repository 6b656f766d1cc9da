-- Reminders (R58): when a panel's customers are written to about the end of their service, and the messages that came of it (ADR-0104).

-- Whoever does not want to be reminded.
ALTER TABLE customer ADD COLUMN muted boolean NOT NULL DEFAULT false;

-- When a local hour is. One that a change of clocks leaves out is an hour later; one that comes twice is the second.
CREATE FUNCTION reminder_at(slot date, hour smallint, zone text) RETURNS timestamptz STABLE LANGUAGE sql AS $$
  SELECT (slot + make_interval(hours => hour)) AT TIME ZONE zone
$$;

-- The first local day after another one (NULL: after any) whose hour is not more than six hours ago.
CREATE FUNCTION reminder_slot(after date, hour smallint, zone text, at timestamptz) RETURNS date STABLE LANGUAGE sql AS $$
  SELECT min(day) FROM (
    SELECT greatest((at AT TIME ZONE zone)::date - 1, after + 1) + n AS day FROM generate_series(0, 2) AS n
  ) AS days
  WHERE reminder_at(day, hour, zone) > at - interval '6 hours'
$$;

-- rule: the moment and the channel in one word, by which a rule stays the same when its hour or its words change. trial_hours: of a
-- rule for trials, whose days_from_end and hour are 0. slot: the local day that is next, or NULL; next_at: when it is looked at again.
-- done_until, done_id: up to which customer of the slot (of a rule for trials, up to which end) messages were made.
CREATE TABLE reminder_rule (
  tenant_id uuid NOT NULL,
  reseller_id uuid NOT NULL,
  rule text COLLATE "C" NOT NULL CHECK (length(rule) <= 20),
  position smallint NOT NULL CHECK (position BETWEEN 1 AND 20),
  days_from_end smallint NOT NULL CHECK (days_from_end BETWEEN -30 AND 30),
  trial_hours smallint CHECK (trial_hours BETWEEN -24 AND 24),
  hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
  channel text COLLATE "C" NOT NULL CHECK (channel IN ('QUEUE', 'EMAIL', 'WEBHOOK')),
  template text NOT NULL CHECK (length(template) BETWEEN 1 AND 1000),
  slot date,
  next_at timestamptz(3) NOT NULL,
  done_until timestamptz(3),
  done_id uuid,
  PRIMARY KEY (tenant_id, reseller_id, rule),
  FOREIGN KEY (tenant_id, reseller_id) REFERENCES reseller (tenant_id, id)
);
CREATE INDEX reminder_rule_next ON reminder_rule (next_at);

-- At most one for each customer, rule and end. Nothing personal is copied: the text is made when it is read, of the rule's template
-- until it was sent, then of the template that was sent.
CREATE TABLE reminder_message (
  tenant_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  rule text COLLATE "C" NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  reseller_id uuid NOT NULL,
  channel text COLLATE "C" NOT NULL CHECK (channel IN ('QUEUE', 'EMAIL', 'WEBHOOK')),
  due_at timestamptz(3) NOT NULL,
  template text,
  handed_at timestamptz(3),
  sent_at timestamptz(3),
  sent_by uuid,
  number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (tenant_id, customer_id, rule, expires_at),
  UNIQUE (tenant_id, id),
  FOREIGN KEY (tenant_id, reseller_id) REFERENCES reseller (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customer (tenant_id, id)
);
CREATE INDEX reminder_message_of_panel ON reminder_message (tenant_id, reseller_id, due_at);
CREATE INDEX reminder_message_old ON reminder_message (due_at);
CREATE INDEX reminder_message_to_hand ON reminder_message (channel, due_at) WHERE channel <> 'QUEUE' AND handed_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON reminder_rule, reminder_message TO revenda_app;
GRANT SELECT ON reminder_rule, reminder_message TO revenda_read;
