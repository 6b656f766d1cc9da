-- First passwords of imported panels (R55, ADR-0094).

-- The password that all owners of one import begin with, hashed: a random one that nobody knows. Whoever still has it was let in by nobody.
ALTER TABLE import ADD COLUMN owner_password_hash text COLLATE "C";

-- A link that invites an owner whom this import made; NULL: one by mail (R42).
ALTER TABLE password_reset ADD COLUMN import_id uuid;
