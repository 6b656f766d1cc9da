-- For migrations after this one: a table that they make is distributed by tenant_id where the others are, and left as it is
-- where they are not (ADR-0130). Foreign keys to other tables come after it, by ALTER TABLE.
CREATE FUNCTION distribute_table(made regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN
    IF EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = 'tenant'::regclass) THEN
      PERFORM create_distributed_table(made::text, 'tenant_id', colocate_with => 'tenant');
    END IF;
  END IF;
END $$;
