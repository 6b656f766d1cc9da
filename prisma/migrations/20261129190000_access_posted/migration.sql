-- The changes of one posting and tenant in one row, until they are numbered (R48, ADR-0088): a row for each cost a posting a fifth of its processor time.

-- Element by element the changes in the order of the commands, each with what the customer may use after it.
CREATE TABLE access_posted (
  tenant_id uuid NOT NULL,
  -- Of the same sequence as access_waiting, so that the two have one order; it rises in the order of a customer's commits.
  id bigint NOT NULL,
  customers uuid[] NOT NULL,
  events text[] COLLATE "C" NOT NULL,
  resellers uuid[] NOT NULL,
  screens smallint[] NOT NULL,
  -- When the service ends, in milliseconds since 1970.
  ends bigint[] NOT NULL,
  at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- A row stays whole in its page, uncompressed: postings write none that is longer.
ALTER TABLE access_posted SET (toast_tuple_target = 8160);
ALTER TABLE access_posted ALTER COLUMN customers SET STORAGE EXTERNAL, ALTER COLUMN events SET STORAGE EXTERNAL,
  ALTER COLUMN resellers SET STORAGE EXTERNAL, ALTER COLUMN screens SET STORAGE EXTERNAL, ALTER COLUMN ends SET STORAGE EXTERNAL;

SELECT distribute_table('access_posted');

GRANT USAGE ON SEQUENCE access_waiting_id_seq TO revenda_app;
GRANT SELECT, INSERT, DELETE ON access_posted TO revenda_app;
