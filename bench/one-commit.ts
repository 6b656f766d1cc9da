/** The contestant that posts each transfer with one SQL function and one commit. */

import { openSql, type Sql } from '../src/db/sql.ts';
import type { TransferCredits } from '../src/ledger/command.ts';
import type { Contestant } from './contestants.ts';
import { transferOf } from './world.ts';

/**
 * A transfer as one SQL function, and so one round trip and one commit: the usual optimum in Postgres. It leaves the
 * same rows in the same tables as the ledger. `bench.transfer_credits` is the same for PostGraphile, which passes the
 * caller in settings of the transaction.
 */
export const ONE_COMMIT_SQL = `
CREATE SCHEMA bench;
CREATE TYPE bench.moved AS (
  transfer_id uuid, amount bigint, created_at timestamptz,
  from_id uuid, from_balance bigint, from_version bigint, to_id uuid, to_balance bigint, to_version bigint
);
CREATE FUNCTION bench.post_transfer(
  in_tenant uuid, in_from uuid, in_to uuid, in_amount bigint, in_key text, in_hash bytea, in_transfer uuid, in_actor uuid
) RETURNS bench.moved LANGUAGE plpgsql AS $$
DECLARE
  moved bench.moved;
  moment timestamptz(3);
BEGIN
  PERFORM FROM public.account WHERE tenant_id = in_tenant AND id IN (in_from, in_to) ORDER BY id FOR NO KEY UPDATE;
  PERFORM FROM public.command_key WHERE tenant_id = in_tenant AND scope_id = in_from AND key = in_key;
  IF FOUND THEN RAISE EXCEPTION 'replayed'; END IF;
  PERFORM FROM public.reseller WHERE tenant_id = in_tenant AND id = in_to AND parent_id = in_from AND closed_at IS NULL;
  IF NOT FOUND THEN RAISE EXCEPTION 'not a direct child'; END IF;
  moment := clock_timestamp();
  UPDATE public.account SET balance = balance - in_amount, version = version + 1, changed_at = moment,
      locked_since = CASE WHEN balance = in_amount THEN moment END
    WHERE tenant_id = in_tenant AND id = in_from AND balance >= in_amount
    RETURNING id, balance, version INTO moved.from_id, moved.from_balance, moved.from_version;
  IF NOT FOUND THEN RAISE EXCEPTION 'insufficient credits'; END IF;
  UPDATE public.account SET balance = balance + in_amount, version = version + 1, changed_at = moment, locked_since = NULL
    WHERE tenant_id = in_tenant AND id = in_to
    RETURNING id, balance, version INTO moved.to_id, moved.to_balance, moved.to_version;
  INSERT INTO public.transfer (tenant_id, id, kind, from_id, to_id, amount, actor_id, created_at)
    VALUES (in_tenant, in_transfer, 'TRANSFER', in_from, in_to, in_amount, in_actor, moment);
  INSERT INTO public.entry (tenant_id, account_id, version, kind, delta, balance_after, transfer_id, created_at) VALUES
    (in_tenant, in_from, moved.from_version, 'TRANSFER', -in_amount, moved.from_balance, in_transfer, moment),
    (in_tenant, in_to, moved.to_version, 'TRANSFER', in_amount, moved.to_balance, in_transfer, moment);
  INSERT INTO public.command_key (tenant_id, scope_id, key, hash, transfer_id, created_at)
    VALUES (in_tenant, in_from, in_key, in_hash, in_transfer, moment);
  moved.transfer_id := in_transfer;
  moved.amount := in_amount;
  moved.created_at := moment;
  RETURN moved;
END $$;
COMMENT ON FUNCTION bench.post_transfer IS '@omit';
CREATE FUNCTION bench.transfer_credits(to_id uuid, amount bigint, idempotency_key text) RETURNS bench.moved LANGUAGE sql VOLATILE AS $$
  SELECT * FROM bench.post_transfer(
    current_setting('bench.tenant')::uuid, current_setting('bench.panel')::uuid, to_id, amount, idempotency_key,
    sha256(convert_to(to_id::text || amount::text, 'UTF8')), gen_random_uuid(), current_setting('bench.actor')::uuid)
$$;
`;

/** The text of one call. */
export const ONE_COMMIT_CALL =
  'SELECT * FROM bench.post_transfer($1::uuid, $2::uuid, $3::uuid, $4::bigint, $5::text, $6::bytea, $7::uuid, $8::uuid)';

export function oneCommitParameters(command: TransferCredits): (string | number | Buffer)[] {
  const { tenantId, scopeId, toId, amount, key, hash, transferId, actorId } = command;
  if (toId === null) throw new Error('a transfer to nobody');
  return [tenantId, scopeId, toId, amount, key, Buffer.from(hash, 'hex'), transferId, actorId];
}

/** Longer than any wait for the pool under the loads of the benchmark. */
const PATIENT = { lock_timeout: '60000', statement_timeout: '60000', idle_in_transaction_session_timeout: '60000' };

/** After an error, end() would otherwise wait for connections and hide the cause. */
const CLOSE_TIMEOUT_SECONDS = 5;

/** Calls the function over a pool of this many connections, with the ledger's own driver. */
export function throughFunction(url: string, connections: number): Contestant {
  const sql: Sql = openSql(url, { name: 'bench function', max: connections, role: 'revenda_app', parameters: PATIENT });
  return {
    async transfer(edge) {
      await sql.unsafe(ONE_COMMIT_CALL, oneCommitParameters(transferOf(edge)), { prepare: true });
    },
    close: () => sql.end({ timeout: CLOSE_TIMEOUT_SECONDS }),
  };
}
