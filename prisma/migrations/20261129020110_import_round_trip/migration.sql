-- What a whole tenant needs to move in as it was (R55, ADR-0095).

-- is_root: the row is the root panel itself, which is there already; id is then the row's own, and tenant_id the panel. later_spans: as those
-- of a customer, the spans after the first, whose screens are in `screens`.
ALTER TABLE import_row ADD COLUMN is_root boolean NOT NULL DEFAULT false, ADD COLUMN later_spans jsonb;
ALTER TABLE imported ADD COLUMN is_root boolean NOT NULL DEFAULT false, ADD COLUMN later_spans jsonb;
