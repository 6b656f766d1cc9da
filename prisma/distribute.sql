-- Turns a migrated database into a distributed one (ADR-0130). `npm run distribute` runs it on the coordinator, in one transaction.
-- Steps that are done already are skipped, so it may run again.

-- Changed purchases and panels wait here until the webhooks of their tenant are written (ADR-0136).
CREATE TABLE IF NOT EXISTS webhook_change (
  tenant_id uuid NOT NULL,
  source text COLLATE "C" NOT NULL CHECK (source IN ('PURCHASE', 'RESELLER')),
  id uuid NOT NULL,
  revision integer NOT NULL,
  PRIMARY KEY (tenant_id, source, id, revision)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_change TO revenda_app;

CREATE TEMP TABLE to_distribute ON COMMIT DROP AS
SELECT c.oid, c.oid::regclass AS name
FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
  AND NOT EXISTS (SELECT FROM pg_dist_partition p WHERE p.logicalrelid = c.oid) AND c.relname <> 'directory';
INSERT INTO to_distribute
SELECT oid, oid::regclass FROM pg_class
WHERE oid = 'tenant'::regclass AND NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = 'tenant'::regclass);

-- Row triggers would fire while rows are moved, and would number and stamp the rows again. So they are dropped here and created
-- again afterwards. Statement triggers stay, because they reach the shards only together with their table.
CREATE TEMP TABLE kept_trigger ON COMMIT DROP AS
SELECT t.tgname AS name, t.tgrelid::regclass AS of_table, pg_get_triggerdef(t.oid) AS definition
FROM pg_trigger t JOIN to_distribute d ON d.oid = t.tgrelid
WHERE NOT t.tgisinternal AND (t.tgtype & 1) = 1;
DO $$
DECLARE kept record;
BEGIN
  FOR kept IN SELECT * FROM kept_trigger LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', kept.name, kept.of_table);
  END LOOP;
END $$;

-- Keys of the platform's commands are stored with the tenant that the command was about (ADR-0131), so that one machine has both
-- the key and the result of the command.
DO $$
DECLARE platform CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
  IF NOT EXISTS (SELECT FROM to_distribute WHERE oid = 'command_key'::regclass) THEN RETURN; END IF;
  UPDATE command_key k SET tenant_id = t.tenant_id FROM transfer t WHERE k.tenant_id = platform AND t.id = k.transfer_id;
  UPDATE command_key k SET tenant_id = r.tenant_id FROM reseller r WHERE k.tenant_id = platform AND r.id = k.subject_id;
  UPDATE command_key k SET tenant_id = c.tenant_id FROM customer c WHERE k.tenant_id = platform AND c.id = k.subject_id;
END $$;

-- Finds the tenant of a word that is unique in the whole deployment, as an e-mail or a token (src/db/directory.ts). Distributed by
-- the word.
CREATE TABLE IF NOT EXISTS directory (
  kind text COLLATE "C" NOT NULL,
  word text COLLATE "C" NOT NULL,
  tenant_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  noted_at timestamptz(3) NOT NULL,
  PRIMARY KEY (kind, word)
);
CREATE INDEX IF NOT EXISTS directory_noted ON directory (kind, noted_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON directory TO revenda_app;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = 'directory'::regclass) THEN RETURN; END IF;
  INSERT INTO directory (kind, word, tenant_id, subject_id, noted_at)
  SELECT 'EMAIL', email, tenant_id, id, created_at FROM app_user
  UNION ALL SELECT 'SESSION', encode(token_hash, 'hex'), tenant_id, id, created_at FROM session
  UNION ALL SELECT 'SUPPORT', encode(token_hash, 'hex'), tenant_id, id, created_at FROM support_session
  UNION ALL SELECT 'API_KEY', prefix, tenant_id, id, created_at FROM api_key
  UNION ALL SELECT 'PASSWORD_RESET', encode(token_hash, 'hex'), tenant_id, user_id, now() FROM password_reset
  UNION ALL SELECT 'RENEWAL_LINK', encode(token_hash, 'hex'), tenant_id, customer_id, made_at FROM renewal_link
  UNION ALL SELECT 'PAYMENT_ACCOUNT', id::text, tenant_id, id, updated_at FROM payment_account
  UNION ALL SELECT 'PLATFORM_SALE', provider || ' ' || reference, tenant_id, id, created_at FROM purchase
    WHERE seller_id IS NULL AND provider <> 'MANUAL' AND reference IS NOT NULL;
  INSERT INTO directory (kind, word, tenant_id, subject_id, noted_at)
  SELECT 'COMMAND', scope_id || ' ' || key, tenant_id, substr(encode(hash, 'hex'), 1, 32)::uuid, created_at FROM command_key
  WHERE scope_id = '00000000-0000-0000-0000-000000000000' AND tenant_id <> scope_id AND key NOT LIKE 'import %';
  PERFORM create_distributed_table('directory', 'word', colocate_with => 'none');
  PERFORM truncate_local_data_after_distributing_table('directory');
END $$;

-- A unique constraint of one machine covers only the rows of that machine. The directory keeps a word unique on all machines.
DO $$
DECLARE wide record;
BEGIN
  FOR wide IN
    SELECT conrelid::regclass AS of_table, conname AS name, pg_get_constraintdef(c.oid) AS definition
    FROM pg_constraint c JOIN to_distribute d ON d.oid = c.conrelid
    WHERE c.contype = 'u' AND (conrelid::regclass::text, conname) IN (
      ('app_user', 'app_user_email_key'), ('session', 'session_token_hash_key'), ('support_session', 'support_session_token_hash_key'),
      ('api_key', 'api_key_prefix_key'), ('password_reset', 'password_reset_token_hash_key'), ('payment_account', 'payment_account_id_key'))
      AND pg_get_constraintdef(c.oid) LIKE 'UNIQUE (%' AND pg_get_constraintdef(c.oid) NOT LIKE 'UNIQUE (tenant_id%'
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %2$I %s', wide.of_table, wide.name,
      replace(wide.definition, 'UNIQUE (', 'UNIQUE (tenant_id, '));
  END LOOP;
  FOR wide IN
    SELECT i.indexrelid::regclass AS name, pg_get_indexdef(i.indexrelid) AS definition
    FROM pg_index i JOIN to_distribute d ON d.oid = i.indrelid
    WHERE i.indexrelid::regclass::text IN ('renewal_link_token', 'purchase_reference')
      AND pg_get_indexdef(i.indexrelid) NOT LIKE '% USING btree (tenant_id,%'
  LOOP
    EXECUTE format('DROP INDEX %s', wide.name);
    EXECUTE replace(wide.definition, ' USING btree (', ' USING btree (tenant_id, ');
  END LOOP;
END $$;

-- The tenant comes first, then the other tables in the order of their creation, so that every foreign key finds its table.
DO $$
DECLARE made regclass;
BEGIN
  IF EXISTS (SELECT FROM to_distribute WHERE oid = 'tenant'::regclass) THEN
    PERFORM create_distributed_table('tenant', 'id', colocate_with => 'none');
  END IF;
  FOR made IN SELECT name FROM to_distribute WHERE oid <> 'tenant'::regclass ORDER BY oid LOOP
    PERFORM create_distributed_table(made::text, 'tenant_id', colocate_with => 'tenant');
  END LOOP;
END $$;

-- Distributing a table leaves an invisible copy of its rows on the coordinator, which this removes. Triggers are off, because
-- those of the journal refuse it.
SET LOCAL session_replication_role TO replica;
DO $$
DECLARE made regclass;
BEGIN
  FOR made IN SELECT name FROM to_distribute ORDER BY oid LOOP
    PERFORM truncate_local_data_after_distributing_table(made);
  END LOOP;
END $$;
SET LOCAL session_replication_role TO origin;

-- Runs in the transaction that makes a change, on the machine that has the row.
CREATE OR REPLACE FUNCTION queue_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO webhook_change (tenant_id, source, id, revision) VALUES (NEW.tenant_id, TG_ARGV[0], NEW.id, NEW.revision);
  RETURN NULL;
END $$;

DO $$
DECLARE kept record;
BEGIN
  FOR kept IN SELECT * FROM kept_trigger LOOP
    EXECUTE kept.definition;
  END LOOP;
  IF EXISTS (SELECT FROM to_distribute WHERE oid = 'webhook_change'::regclass) THEN
    CREATE TRIGGER queue_change AFTER INSERT OR UPDATE ON purchase FOR EACH ROW EXECUTE FUNCTION queue_change('PURCHASE');
    CREATE TRIGGER queue_change AFTER INSERT OR UPDATE ON reseller_change FOR EACH ROW EXECUTE FUNCTION queue_change('RESELLER');
  END IF;
  -- Functions that statements call on a worker. Trigger functions reach the workers with their tables.
  FOR kept IN
    SELECT oid::regprocedure::text AS name FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND prorettype <> 'trigger'::regtype AND proname <> 'distribute_table'
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = pg_proc.oid AND e.deptype = 'e')
      AND NOT EXISTS (SELECT FROM pg_dist_object o WHERE o.classid = 'pg_proc'::regclass AND o.objid = pg_proc.oid)
  LOOP
    PERFORM create_distributed_function(kept.name);
  END LOOP;
END $$;

-- On a distributed table, the coordinator takes the next number of a sequence itself, with the role that inserts. An identity
-- column on one machine needs no such right.
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO revenda_app;
