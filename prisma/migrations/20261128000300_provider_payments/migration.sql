-- What failed or was cancelled at a provider lapses, and is asked for anew under another attempt (R28).
ALTER TABLE purchase
  ADD COLUMN payment_attempt integer NOT NULL DEFAULT 0 CHECK (payment_attempt >= 0),
  ADD COLUMN payment_lapses_at timestamptz(3),
  -- How much of the money has gone back, as its provider says; shown to the seller, who decides about a part (R29).
  ADD COLUMN returned_minor bigint NOT NULL DEFAULT 0 CHECK (returned_minor >= 0);

ALTER TABLE payment
  -- Whether the money is known to have come; null on payments that were told of before this was kept.
  ADD COLUMN paid_at timestamptz(3),
  -- How often all of it had gone back and came again.
  ADD COLUMN recovered integer NOT NULL DEFAULT 0 CHECK (recovered >= 0);

-- How much of a payment has gone back and stays gone, by its cause: a dispute, or all refunds. The highest version of a cause
-- holds, so the sum does not depend on the order in which a provider tells of it (R29).
CREATE TABLE payment_return (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  reference text COLLATE "C" NOT NULL CHECK (length(reference) BETWEEN 1 AND 255),
  cause text COLLATE "C" NOT NULL CHECK (length(cause) BETWEEN 1 AND 255),
  version bigint NOT NULL CHECK (version >= 0),
  returned_minor bigint NOT NULL CHECK (returned_minor >= 0),
  PRIMARY KEY (tenant_id, account_id, reference, cause)
);

GRANT SELECT, INSERT, UPDATE ON payment_return TO revenda_app;
GRANT SELECT ON payment_return TO revenda_read;
