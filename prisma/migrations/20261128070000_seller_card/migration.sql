-- How a seller's buyers reach and pay it (R37): seller_id is its panel, or the platform's nil id.
CREATE TABLE seller_card (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  seller_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  whatsapp text CHECK (whatsapp ~ '^\+[1-9][0-9]{6,14}$'),
  pix_key text CHECK (length(pix_key) BETWEEN 1 AND 77),
  instructions text CHECK (length(instructions) BETWEEN 1 AND 500),
  updated_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, seller_id)
);

GRANT SELECT, INSERT, UPDATE ON seller_card TO revenda_app;
GRANT SELECT ON seller_card TO revenda_read;
