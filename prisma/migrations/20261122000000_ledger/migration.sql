-- The ledger and the tree it serves. ARCHITECTURE.md says why each table is as it is.
-- Every key begins with tenant_id: a row cannot point into another tenant, and the schema distributes by tenant.

-- Roles that connections assume (SET ROLE): the application cannot change the journal, readers cannot write.
-- Roles belong to the cluster: two databases being migrated at once may meet here, and who may not create roles can be given them.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'revenda_app') THEN
    CREATE ROLE revenda_app NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'revenda_read') THEN
    CREATE ROLE revenda_read NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

CREATE TYPE transfer_kind AS ENUM
  ('ISSUE', 'PURCHASE', 'GRANT', 'TRANSFER', 'RECLAIM', 'SWEEP', 'ACTIVATION', 'RENEWAL', 'SCREENS', 'REFUND', 'CHARGEBACK');
CREATE TYPE user_role AS ENUM ('PLATFORM', 'OWNER', 'OPERATOR', 'FINANCE', 'VIEWER');

CREATE TABLE tenant (
  id uuid PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  created_at timestamptz(3) NOT NULL
);

-- path: the labels of all ancestors and of the row itself, each closed by a dot; byte order makes a branch one range.
CREATE TABLE reseller (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  id uuid NOT NULL,
  parent_id uuid,
  path text COLLATE "C" NOT NULL CHECK (path ~ '^([0-9a-z]+\.)+$'),
  depth smallint NOT NULL CHECK (depth BETWEEN 0 AND 10),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  created_at timestamptz(3) NOT NULL,
  suspended_at timestamptz(3),
  suspension_reason text,
  closed_at timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, path),
  FOREIGN KEY (tenant_id, parent_id) REFERENCES reseller (tenant_id, id),
  CHECK ((depth = 0) = (parent_id IS NULL)),
  CHECK (depth = length(path) - length(replace(path, '.', '')) - 1)
);
-- Children of a panel in the order they were made (ids are UUIDv7).
CREATE INDEX reseller_children ON reseller (tenant_id, parent_id, id);
-- Every panel below, nearest first: one range a level.
CREATE INDEX reseller_levels ON reseller (tenant_id, depth, path);
-- Suspension is computed from the ancestors; there are few suspended panels.
CREATE INDEX reseller_suspended ON reseller (tenant_id, path) WHERE suspended_at IS NOT NULL;
-- The roots, as the platform lists them.
CREATE INDEX reseller_roots ON reseller (id) WHERE parent_id IS NULL;
-- Short labels of a path, in base 36; drawn only when a panel is created.
CREATE SEQUENCE reseller_label;

-- One row a reseller (the same id), narrow and hot: no index but the key, and room for in-page updates. What branch sums
-- read comes first, what may be null last: a scan then finds its columns at fixed places.
CREATE TABLE account (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  balance bigint NOT NULL CHECK (balance BETWEEN 0 AND 9007199254740991),
  consumed bigint NOT NULL DEFAULT 0 CHECK (consumed BETWEEN 0 AND 9007199254740991),
  locked boolean NOT NULL GENERATED ALWAYS AS (balance = 0) STORED,
  version bigint NOT NULL CHECK (version BETWEEN 0 AND 9007199254740991),
  reserve_threshold bigint NOT NULL DEFAULT 1 CHECK (reserve_threshold BETWEEN 0 AND 9007199254740991),
  debt bigint NOT NULL DEFAULT 0 CHECK (debt BETWEEN 0 AND 9007199254740991),
  issued bigint NOT NULL DEFAULT 0 CHECK (issued BETWEEN 0 AND 9007199254740991),
  withdrawn bigint NOT NULL DEFAULT 0 CHECK (withdrawn BETWEEN 0 AND 9007199254740991),
  changed_at timestamptz(3) NOT NULL,
  locked_since timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES reseller (tenant_id, id),
  CHECK ((balance = 0) = (locked_since IS NOT NULL))
) WITH (fillfactor = 50);
-- What was issued in a tenant in all (R36): read only when credits are issued, and moved only then.
CREATE INDEX account_issued ON account (tenant_id) INCLUDE (issued) WHERE issued > 0;

-- The journal. from null: issued; to null: consumed or withdrawn. No foreign keys: their checks cost as much as
-- the posting itself, and ledgerHealth checks what they would.
CREATE TABLE transfer (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind transfer_kind NOT NULL,
  from_id uuid,
  to_id uuid,
  amount bigint NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  actor_id uuid NOT NULL,
  memo text CHECK (length(memo) <= 500),
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK (from_id IS NOT NULL OR to_id IS NOT NULL),
  CHECK (from_id <> to_id)
);

-- One row for each change of an account, numbered without gaps by the account's own version (R33).
CREATE TABLE entry (
  tenant_id uuid NOT NULL,
  account_id uuid NOT NULL,
  version bigint NOT NULL CHECK (version >= 1),
  kind transfer_kind NOT NULL,
  delta bigint NOT NULL CHECK (delta <> 0),
  balance_after bigint NOT NULL CHECK (balance_after BETWEEN 0 AND 9007199254740991),
  transfer_id uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, account_id, version)
);

-- Idempotency (R31): which key of which scope did what. scope_id: the acting panel, or the platform's tenant id.
CREATE TABLE command_key (
  tenant_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  key text COLLATE "C" NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  transfer_id uuid,
  subject_id uuid,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, scope_id, key)
);

-- reseller_id null: a user of the platform itself, whose tenant is the row with the nil id.
CREATE TABLE app_user (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  id uuid NOT NULL,
  reseller_id uuid,
  email text COLLATE "C" NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
  password_hash text NOT NULL,
  role user_role NOT NULL,
  created_at timestamptz(3) NOT NULL,
  disabled_at timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, reseller_id) REFERENCES reseller (tenant_id, id),
  CHECK ((role = 'PLATFORM') = (reseller_id IS NULL))
);
CREATE INDEX app_user_reseller ON app_user (tenant_id, reseller_id);

-- Tokens are kept as SHA-256 only. expires_at moves with use, never past ends_at.
CREATE TABLE session (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  ends_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id)
);
CREATE INDEX session_of_user ON session (tenant_id, user_id);
CREATE INDEX session_expiry ON session (expires_at);

-- Failed sign-ins by account and by address, shared by all processes (the layout is rate-limiter-flexible's).
CREATE TABLE sign_in_failure (
  key varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);

-- The platform's own tenant: its users belong to it, and it has no reseller.
INSERT INTO tenant (id, name, created_at)
VALUES ('00000000-0000-0000-0000-000000000000', 'Platform', date_trunc('milliseconds', clock_timestamp()));

-- The journal is append-only for everyone, its owner included (R32).
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();

-- A write names the backend and transaction that took its locks, and fails anywhere else: a connection that was
-- replaced between lock and write would run it in autocommit.
CREATE FUNCTION assert_same_transaction(pid integer, xid xid8) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF pg_backend_pid() = pid AND pg_current_xact_id_if_assigned() = xid THEN
    RETURN true;
  END IF;
  RAISE EXCEPTION 'the locks of this write were taken by another transaction' USING ERRCODE = 'serialization_failure';
END $$;

-- The last version of an account at a time, 0 before its first: entry times rise with versions, so the key is
-- searched by halves and no index on time is paid for by every posting.
CREATE FUNCTION version_at(of_tenant uuid, of_account uuid, at timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 0;
  high bigint;
  middle bigint;
BEGIN
  SELECT max(version) INTO high FROM entry WHERE tenant_id = of_tenant AND account_id = of_account;
  high := coalesce(high, 0);
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    PERFORM FROM entry WHERE tenant_id = of_tenant AND account_id = of_account AND version = middle AND created_at <= at;
    IF FOUND THEN low := middle; ELSE high := middle - 1; END IF;
  END LOOP;
  RETURN low;
END $$;

GRANT USAGE ON SCHEMA public TO revenda_app, revenda_read;
GRANT SELECT ON tenant, reseller, account, transfer, entry, command_key, app_user, session, sign_in_failure, _prisma_migrations TO revenda_app;
GRANT INSERT ON transfer, entry, command_key TO revenda_app;
GRANT INSERT, UPDATE ON tenant, reseller, account, app_user TO revenda_app;
GRANT INSERT, UPDATE, DELETE ON session, sign_in_failure TO revenda_app;
GRANT USAGE ON SEQUENCE reseller_label TO revenda_app;
GRANT SELECT ON tenant, reseller, account, transfer, entry TO revenda_read;
GRANT SELECT (tenant_id, id, reseller_id, email, role, created_at, disabled_at) ON app_user TO revenda_read;
