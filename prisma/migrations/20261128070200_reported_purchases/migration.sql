-- When a buyer last said that it has paid, and what it said (R40). Nothing is decided by them.
ALTER TABLE purchase
  ADD COLUMN reported_at timestamptz(3),
  ADD COLUMN report_note text CHECK (length(report_note) BETWEEN 1 AND 200);
