-- Links by which a user sets a new password (R42). Only a hash of the token is kept, and of the password and e-mail that it was
-- made for: a link is worth nothing once either is another. A used one stays until it is old, so that nothing makes it good again.
CREATE TABLE password_reset (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  state_digest bytea NOT NULL CHECK (length(state_digest) = 32),
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3),
  PRIMARY KEY (tenant_id, user_id, token_hash),
  FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id)
);
CREATE INDEX password_reset_expires ON password_reset (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON password_reset TO revenda_app;
