-- What a panel may do at most, with everything below it, as its parent has set it (R56). null: not limited.

ALTER TABLE reseller
  ADD COLUMN may_create_resellers boolean NOT NULL DEFAULT true,
  ADD COLUMN max_resellers integer CHECK (max_resellers >= 0),
  ADD COLUMN max_customers integer CHECK (max_customers >= 0),
  ADD COLUMN max_trials_per_day integer CHECK (max_trials_per_day >= 0),
  ADD COLUMN max_screens_per_customer integer CHECK (max_screens_per_customer >= 1),
  -- Said again, so that an index can find them: postings ask for nothing else where there is none.
  ADD COLUMN limited boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT reseller_limited CHECK (limited = (NOT may_create_resellers
    OR num_nonnulls(max_resellers, max_customers, max_trials_per_day, max_screens_per_customer) > 0));

CREATE INDEX reseller_limited_path ON reseller (tenant_id, path) WHERE limited;
