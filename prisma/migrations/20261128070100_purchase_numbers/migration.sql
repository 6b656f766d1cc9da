-- Purchases are numbered within their tenant (R38): what two people call one.

-- The last number given. Its row is locked last in a transaction, and held until the commit, so that numbers rise in commit order.
CREATE TABLE purchase_counter (
  tenant_id uuid PRIMARY KEY REFERENCES tenant (id),
  last integer NOT NULL CHECK (last >= 1)
);
GRANT SELECT, INSERT, UPDATE ON purchase_counter TO revenda_app;
GRANT SELECT ON purchase_counter TO revenda_read;

ALTER TABLE purchase ADD COLUMN number integer;
UPDATE purchase p SET number = n.number
FROM (SELECT tenant_id, id, row_number() OVER (PARTITION BY tenant_id ORDER BY created_at, id) AS number FROM purchase) n
WHERE p.tenant_id = n.tenant_id AND p.id = n.id;
INSERT INTO purchase_counter (tenant_id, last) SELECT tenant_id, max(number) FROM purchase GROUP BY tenant_id;
ALTER TABLE purchase ALTER COLUMN number SET NOT NULL;

-- By a trigger, so that a server of the version before, which does not know the column, goes on selling.
CREATE FUNCTION number_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO purchase_counter AS c (tenant_id, last) VALUES (NEW.tenant_id, 1)
  ON CONFLICT (tenant_id) DO UPDATE SET last = c.last + 1
  RETURNING c.last INTO NEW.number;
  RETURN NEW;
END $$;
CREATE TRIGGER number_purchase BEFORE INSERT ON purchase FOR EACH ROW EXECUTE FUNCTION number_purchase();

CREATE UNIQUE INDEX purchase_number ON purchase (tenant_id, number);
-- The platform searches all that it has sold, in whatever tenant.
CREATE INDEX purchase_number_of_platform ON purchase (number) WHERE seller_id IS NULL;
