-- A paid term as a sequence of spans (R22), lists in the order of names, and customers by their contact.

-- What is paid for after `screens`, in order, up to expires_at: [{"screens": 1, "periods": 2}, …]; NULL: `screens` until then. Periods are
-- counted back from expires_at, so that each end is whole periods from it. Both are NULL for every customer there is: nothing changes for
-- them, and the version before, which does not know the column, leaves it as it is.
-- A later span may have more screens than the present one, and so may the next renewal.
ALTER TABLE customer
  ADD COLUMN later_spans jsonb CHECK (jsonb_typeof(later_spans) = 'array' AND later_spans <> '[]'),
  DROP CONSTRAINT customer_check,
  ADD CONSTRAINT customer_next_screens CHECK (next_screens BETWEEN 1 AND 1000);

-- The order of names: in lower case and without accents, the first 60 characters, so that an index entry stays small. Generated, so that the
-- version before, which does not write it, leaves it right. search_key begins with the name, folded.
ALTER TABLE customer ADD COLUMN sort_key text COLLATE "C" NOT NULL
  GENERATED ALWAYS AS (left(split_part(search_key, E'\n', 1), 60)) STORED;
CREATE INDEX customer_by_name ON customer (tenant_id, reseller_id, sort_key, id);
ALTER TABLE reseller ADD COLUMN sort_key text COLLATE "C" NOT NULL
  GENERATED ALWAYS AS (left(lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g')), 60)) STORED;
CREATE INDEX reseller_by_name ON reseller (tenant_id, parent_id, sort_key, id);

-- Whom a contact belongs to already: asked before it is paid for a second time.
CREATE INDEX customer_contact ON customer (tenant_id, contact_key) WHERE contact_key IS NOT NULL;
