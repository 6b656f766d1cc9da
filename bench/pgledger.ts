/** The peer pgledger, a ledger of SQL functions. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { openSql, type Sql } from '../src/db/sql.ts';
import { callAgain } from './measure.ts';
import type { Cell } from './rounds.ts';

const ACCOUNTS = 2_000;
const POOLS = [1, 8, 16, 64];
/** Transfers in one call of the bulk function: as many as our queue posts at once when it is busy. */
const BULK = [64, 256];
const CREDITS = 1_000_000;

export interface Pgledger {
  readonly url: string;
  readonly sql: Sql;
  readonly accounts: readonly string[];
  close(): Promise<void>;
}

/** pgledger as published, from a clone at `folder`, in an empty database. No account may be overdrawn, and none is. */
export async function openPgledger(url: string, folder: string): Promise<Pgledger> {
  const sql = openSql(url, { name: 'bench pgledger', max: 1, role: null });
  for (const file of [...(await vendored(folder)), join(folder, 'pgledger.sql')]) await sql.unsafe(await readFile(file, 'utf8')).simple();
  const made = await sql`
    SELECT (pgledger_create_account('panel ' || n, 'CRD', false, true)).id FROM generate_series(1, ${ACCOUNTS}) n`;
  const accounts = made.map(({ id }) => String(id));
  await sql`UPDATE pgledger_accounts SET balance = ${CREDITS}::numeric`;
  await sql`ANALYZE`;
  return { url, sql, accounts, close: () => sql.end() };
}

async function vendored(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'vendor'), { recursive: true });
  return names.filter((name) => name.endsWith('.sql')).map((name) => join(folder, 'vendor', name));
}

/** Single calls over pools, and bulk calls over two connections, as a queue in front of pgledger would make them. */
export function pgledgerCells(pgledger: Pgledger, callers: number): Cell[] {
  const { url, sql, accounts } = pgledger;
  const rows = async () => {
    const [row] = await sql`SELECT count(*) AS transfers FROM pgledger_transfers`;
    return Number(row?.transfers);
  };
  const draw = () => accounts[Math.floor(Math.random() * accounts.length)] ?? '';
  const pair = () => {
    const from = draw();
    let to = draw();
    while (to === from) to = draw();
    return [from, to];
  };
  const cell = (name: string, pool: number, atOnce: number, call: (client: postgres.Sql) => Promise<number>): Cell => ({
    name,
    rows,
    async open() {
      const client = postgres(url, { max: pool, fetch_types: false });
      return { load: (forMs) => callAgain(atOnce, forMs, () => call(client)), close: () => client.end() };
    },
  });
  const single = async (client: postgres.Sql) => {
    const [from = '', to = ''] = pair();
    await client`SELECT id FROM pgledger_create_transfer(${from}, ${to}, 1)`;
    return 1;
  };
  const bulk = (count: number) => async (client: postgres.Sql) => {
    const requests = `{${Array.from({ length: count }, () => `"(${pair().join(',')},1)"`).join(',')}}`;
    await client`SELECT id FROM pgledger_create_transfers(${requests}::text::transfer_request[])`;
    return count;
  };
  return [
    ...POOLS.map((pool) => cell(`posting, ${callers} callers, random: pgledger, one a call, ${pool} connections`, pool, callers, single)),
    ...BULK.map((count) => cell(`posting, random: pgledger, ${count} a call, 2 connections`, 2, 2, bulk(count))),
  ];
}
