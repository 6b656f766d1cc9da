-- What customers pay is asked of the panel's own payment provider, and confirmed by its word (R54, ADR-0114).
-- provider, account_id: which account was asked first; its events alone are believed, and a panel that took the customer over is not paid by it.
-- payment_instructions, payment_attempt, payment_lapses_at: as of purchases (ADR-0047).
-- payment_turn: how often the money of `reference` had gone back, or come again after that, when it was last heard of.
ALTER TABLE customer_payment
  ADD COLUMN provider payment_provider CHECK (provider <> 'MANUAL'),
  ADD COLUMN account_id uuid,
  ADD COLUMN payment_instructions text,
  ADD COLUMN payment_attempt integer NOT NULL DEFAULT 0 CHECK (payment_attempt >= 0),
  ADD COLUMN payment_lapses_at timestamptz(3),
  ADD COLUMN payment_turn integer NOT NULL DEFAULT 0 CHECK (payment_turn >= 0),
  -- How much of the money has gone back, as its provider says.
  ADD COLUMN returned_minor bigint NOT NULL DEFAULT 0 CHECK (returned_minor >= 0),
  ADD CONSTRAINT customer_payment_asked CHECK ((provider IS NULL) = (account_id IS NULL));
