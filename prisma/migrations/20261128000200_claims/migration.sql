-- Charge-backs and what is owed after them, and to whom (R27 to R29).

ALTER TYPE transfer_kind ADD VALUE IF NOT EXISTS 'REVERSAL';

-- charged_back: credits, of quantity. delivered_by: whose credits it brought where they were not the seller's: a panel, or the
-- platform's nil id.
ALTER TABLE purchase
  ADD COLUMN charged_back bigint NOT NULL DEFAULT 0 CHECK (charged_back >= 0 AND charged_back <= quantity),
  ADD COLUMN delivered_by uuid;
-- What waits for somebody to settle it, or to send the money back.
CREATE INDEX purchase_unfunded ON purchase (tenant_id, id) WHERE status = 'PAID_UNFUNDED';

-- Below 0 where a panel gets back what was taken from a closed one whose place it took: a tenant's sum is 0 or more.
ALTER TABLE account
  DROP CONSTRAINT account_withdrawn_check,
  ADD CHECK (withdrawn BETWEEN -9007199254740991 AND 9007199254740991);

-- Credits that one side must give the other: a charge-back, or its reversal after a dispute was won. debtor_id or creditor_id
-- null: the platform. quantity = moved + owed + set_off.
CREATE TABLE claim (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  purchase_id uuid NOT NULL,
  dispute text COLLATE "C" CHECK (length(dispute) BETWEEN 1 AND 300),
  reverses uuid,
  debtor_id uuid,
  creditor_id uuid,
  quantity bigint NOT NULL CHECK (quantity BETWEEN 0 AND 1000000000),
  owed bigint NOT NULL CHECK (owed >= 0),
  set_off bigint NOT NULL CHECK (set_off >= 0),
  created_at timestamptz(3) NOT NULL,
  reversed_at timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, purchase_id) REFERENCES purchase (tenant_id, id),
  CHECK (owed + set_off <= quantity),
  CHECK (owed = 0 OR (debtor_id IS NOT NULL AND debtor_id IS DISTINCT FROM creditor_id)),
  CHECK (reversed_at IS NULL OR owed = 0),
  CHECK (reverses IS NULL OR (dispute IS NULL AND reversed_at IS NULL))
);
CREATE INDEX claim_of_purchase ON claim (tenant_id, purchase_id);
CREATE INDEX claim_owed ON claim (tenant_id, debtor_id) WHERE owed > 0;
CREATE INDEX claim_due ON claim (tenant_id, creditor_id) WHERE owed > 0;
-- A dispute takes credits once (R29).
CREATE UNIQUE INDEX claim_dispute ON claim (tenant_id, purchase_id, dispute) WHERE dispute IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON claim TO revenda_app;
GRANT SELECT ON claim TO revenda_read;

-- What was charged back before: of each buyer the newest are those still owed. Whoever sold, it was owed to the platform.
UPDATE purchase SET charged_back = quantity WHERE status = 'CHARGED_BACK';
INSERT INTO claim (tenant_id, id, purchase_id, debtor_id, creditor_id, quantity, owed, set_off, created_at)
SELECT p.tenant_id, p.id, p.id, p.buyer_id, NULL, p.quantity, greatest(0, least(p.quantity, a.debt - p.newer)), 0, p.settled_at
FROM (
  SELECT p.*, coalesce(sum(p.quantity) OVER (
    PARTITION BY p.tenant_id, p.buyer_id ORDER BY p.settled_at DESC, p.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ), 0) AS newer
  FROM purchase p WHERE p.status = 'CHARGED_BACK'
) AS p
JOIN account a ON a.tenant_id = p.tenant_id AND a.id = p.buyer_id;
