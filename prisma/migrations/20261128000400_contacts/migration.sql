-- By which rules a stored contact key was made (src/domain/customer/contact.ts): rows of earlier rules, and those that a server of the
-- version before writes while it is replaced, are given new keys by rekey-contacts.ts.
ALTER TABLE customer ADD COLUMN contact_key_version smallint NOT NULL DEFAULT 1;
ALTER TABLE trial ADD COLUMN contact_key_version smallint NOT NULL DEFAULT 1;

-- What is left to do, and empty when nothing is.
CREATE INDEX customer_rekey ON customer (contact_key_version) WHERE contact_key_version < 2 AND contact_key IS NOT NULL;
CREATE INDEX trial_rekey ON trial (contact_key_version) WHERE contact_key_version < 2;

-- Contacts that activated customers had, and have no more: they had no trial, and get none (R24).
CREATE TABLE activated_contact (
  tenant_id uuid NOT NULL,
  contact_key text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, contact_key)
);

GRANT SELECT, INSERT ON activated_contact TO revenda_app;
GRANT SELECT ON activated_contact TO revenda_read;
GRANT UPDATE (contact_key_version) ON trial TO revenda_app;
