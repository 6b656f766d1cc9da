-- Support sessions (R43): somebody above a panel looks at it for half an hour, by a session of its own. opener_* name that session
-- and its user, who may be of another tenant (the platform's), so they are no foreign keys: whoever reads a support session joins
-- them, and without the opener's session it is worth nothing. The token's SHA-256 is kept.
CREATE TABLE support_session (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  reseller_id uuid NOT NULL,
  opener_tenant_id uuid NOT NULL,
  opener_id uuid NOT NULL,
  opener_session_id uuid NOT NULL,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, reseller_id) REFERENCES reseller (tenant_id, id)
);
CREATE INDEX support_session_of_panel ON support_session (tenant_id, reseller_id);
CREATE INDEX support_session_of_opener ON support_session (opener_tenant_id, opener_session_id);
CREATE INDEX support_session_expiry ON support_session (expires_at);

GRANT SELECT, INSERT, DELETE ON support_session TO revenda_app;
