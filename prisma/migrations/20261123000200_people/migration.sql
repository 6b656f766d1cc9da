-- People: one-time passwords, where sessions come from, API keys; and the log of what changed without moving credits.

-- totp_secret is sealed with a key the database does not know. It counts once it was confirmed with a code; totp_last_step
-- is the last 30-second step of which a code was taken, so that no code works twice.
ALTER TABLE app_user
  ADD COLUMN totp_secret text,
  ADD COLUMN totp_confirmed_at timestamptz(3),
  ADD COLUMN totp_last_step bigint,
  ADD CHECK (totp_confirmed_at IS NULL OR totp_secret IS NOT NULL);

ALTER TABLE session
  ADD COLUMN user_agent text CHECK (length(user_agent) <= 200),
  ADD COLUMN address text CHECK (length(address) <= 100);

-- What a user may sign in with once each when the app is lost: SHA-256 of 80 random bits. A used one is deleted.
CREATE TABLE recovery_code (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
  PRIMARY KEY (tenant_id, user_id, code_hash),
  FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id)
);

CREATE TYPE api_key_scope AS ENUM ('READ', 'SPEND', 'MANAGE');

-- A key acts for its panel as the user who made it. The token is rvk_<prefix>_<secret>; its SHA-256 is kept.
CREATE TABLE api_key (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  reseller_id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  prefix text COLLATE "C" NOT NULL UNIQUE,
  token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
  scope api_key_scope NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, reseller_id) REFERENCES reseller (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id)
);
CREATE INDEX api_key_reseller ON api_key (tenant_id, reseller_id, id);
CREATE INDEX api_key_user ON api_key (tenant_id, user_id);

-- reseller_id: the panel it happened in; null for the platform's own matters. actor_id is no foreign key: the platform's
-- users, who belong to a tenant of their own, act in any.
CREATE TABLE audit_log (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  reseller_id uuid,
  actor_id uuid NOT NULL,
  action text NOT NULL,
  subject text,
  changes jsonb NOT NULL,
  address text,
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, reseller_id) REFERENCES reseller (tenant_id, id)
);
CREATE INDEX audit_log_reseller ON audit_log (tenant_id, reseller_id, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();

GRANT SELECT, INSERT, DELETE ON recovery_code TO revenda_app;
GRANT SELECT, INSERT, UPDATE ON api_key TO revenda_app;
GRANT SELECT, INSERT ON audit_log TO revenda_app;
GRANT SELECT (totp_confirmed_at) ON app_user TO revenda_read;
GRANT SELECT (tenant_id, id, reseller_id, user_id, name, prefix, scope, created_at, expires_at, last_used_at, revoked_at) ON api_key TO revenda_read;
GRANT SELECT ON audit_log TO revenda_read;
