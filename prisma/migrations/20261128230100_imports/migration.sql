-- Moving in (R55): uploads, previews of them, and what was imported (ADR-0098, ADR-0099).

-- One upload. UPLOADING: its file is coming. READING: its preview is being made. PREVIEWED: it may be committed. COMMITTING, COMMITTED.
-- FAILED: its problems say why. attempt counts previews. assigned, separator, encoding: what a person decided, or NULL; columns, used:
-- what the preview goes by. as_of: the moment by which time that is left is counted. revision: how often what it shows has changed.
-- taken_until: while a process works on it. A committed one stays, for its proof; others go after a week.
CREATE TABLE import (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  status text COLLATE "C" NOT NULL CHECK (status IN ('UPLOADING', 'READING', 'PREVIEWED', 'COMMITTING', 'COMMITTED', 'FAILED')),
  source text COLLATE "C" NOT NULL CHECK (length(source) BETWEEN 1 AND 100),
  file_name text CHECK (length(file_name) <= 200),
  uploaded_by uuid NOT NULL,
  created_at timestamptz(3) NOT NULL,
  bytes bigint NOT NULL DEFAULT 0,
  file_hash text COLLATE "C",
  settings jsonb NOT NULL,
  used jsonb,
  attempt integer NOT NULL DEFAULT 0,
  rows integer NOT NULL DEFAULT 0,
  valid_rows integer NOT NULL DEFAULT 0,
  known_rows integer NOT NULL DEFAULT 0,
  progress smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
  as_of timestamptz(3),
  totals jsonb,
  hash text COLLATE "C",
  mode text COLLATE "C" CHECK (mode IN ('ALL', 'VALID_ONLY')),
  committed_by uuid,
  commit_address text,
  committed_at timestamptz(3),
  proof jsonb,
  taken_by uuid,
  taken_until timestamptz,
  changed_at timestamptz(3) NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE INDEX import_working ON import (created_at) WHERE status IN ('UPLOADING', 'READING', 'COMMITTING');
CREATE INDEX import_changed ON import (changed_at);

-- The file, sealed, in the order of its pieces.
CREATE TABLE import_chunk (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  position integer NOT NULL,
  body text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, import_id, position),
  FOREIGN KEY (tenant_id, import_id) REFERENCES import (tenant_id, id)
);

-- One row of it that could be read. subject_id: what it becomes, or is already. parent: as the file calls it; parent_line: the row that
-- makes the panel above; parent_id: that panel, where it is there already. depth: of a panel. access: made or given, its secret sealed.
-- VALID: to be written. BAD: it has a problem. KNOWN: it was imported before. DONE: written by this import. REFUSED: it could not be.
CREATE TABLE import_row (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  line integer NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('RESELLER', 'CUSTOMER')),
  state text COLLATE "C" NOT NULL DEFAULT 'VALID' CHECK (state IN ('VALID', 'BAD', 'KNOWN', 'DONE', 'REFUSED')),
  subject_id uuid NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  is_given boolean NOT NULL,
  name text NOT NULL,
  login text COLLATE "C",
  email text COLLATE "C",
  parent text COLLATE "C",
  parent_line integer,
  parent_id uuid,
  depth integer,
  credits bigint,
  expires_at timestamptz(3),
  screens smallint,
  next_screens smallint,
  standing text COLLATE "C" CHECK (standing IN ('PAID', 'TRIAL', 'CANCELED')),
  contact text,
  notes text,
  access jsonb,
  PRIMARY KEY (tenant_id, import_id, line),
  FOREIGN KEY (tenant_id, import_id) REFERENCES import (tenant_id, id)
);
CREATE INDEX import_row_external ON import_row (tenant_id, import_id, kind, external_id);
CREATE INDEX import_row_login ON import_row (tenant_id, import_id, kind, login) WHERE login IS NOT NULL;
CREATE INDEX import_row_email ON import_row (tenant_id, import_id, email) WHERE email IS NOT NULL;
CREATE INDEX import_row_below ON import_row (tenant_id, import_id, parent_line) WHERE parent_line IS NOT NULL;
CREATE INDEX import_row_work ON import_row (tenant_id, import_id, state, kind, depth, line);

CREATE TABLE import_problem (
  tenant_id uuid NOT NULL,
  import_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  line integer NOT NULL,
  column_name text,
  message text NOT NULL,
  PRIMARY KEY (tenant_id, import_id, line, id),
  FOREIGN KEY (tenant_id, import_id) REFERENCES import (tenant_id, id)
);

-- What was imported, for good: the time and the credits that a tenant got otherwise than by buying. Written by the commit that makes it.
-- external_id: what the source calls it, so that the same file again adds nothing. transfer_id: the ISSUE of a panel that came with credits.
CREATE TABLE imported (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  import_id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('RESELLER', 'CUSTOMER')),
  source text COLLATE "C" NOT NULL,
  external_id text COLLATE "C" NOT NULL,
  login text COLLATE "C",
  transfer_id uuid,
  credits bigint NOT NULL DEFAULT 0 CHECK (credits >= 0 AND (credits > 0) = (transfer_id IS NOT NULL)),
  screens smallint,
  expires_at timestamptz(3),
  standing text COLLATE "C",
  imported_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, source, kind, external_id),
  CHECK ((kind = 'CUSTOMER') = (expires_at IS NOT NULL))
);
CREATE INDEX imported_by ON imported (tenant_id, import_id);
CREATE INDEX imported_login ON imported (tenant_id, source, login) WHERE kind = 'RESELLER' AND login IS NOT NULL;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON imported
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();

GRANT SELECT, INSERT, UPDATE, DELETE ON import, import_chunk, import_row, import_problem TO revenda_app;
GRANT SELECT, INSERT ON imported TO revenda_app;
GRANT SELECT ON imported TO revenda_read;
GRANT SELECT (tenant_id, id, status, changed_at, revision) ON import TO revenda_read;
