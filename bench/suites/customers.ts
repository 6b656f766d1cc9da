/** The suite on commands that spend credits on customers. */

import { hash } from 'node:crypto';
import type { Sql } from '../../src/db/sql.ts';
import { CUSTOMER_ROLES, detailsOf } from '../../src/domain/customer/fields.ts';
import { MAX_BATCH_RENEWALS } from '../../src/domain/customer/renew-customers.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import type { ActivateCustomer, Command, RenewCustomer } from '../../src/ledger/command.ts';
import { callAgain, countTransfers } from '../measure.ts';
import { cellsTable, type Goal, outcomesOf, rates, type Section } from '../report.ts';
import { type Cell, runRounds } from '../rounds.ts';
import { openQueue, type Panel, plant, transferOf } from '../world.ts';
import { type Bench, times } from './suite.ts';

const CALLERS = 64;
/**
 * A customer can be renewed at most 35 times before the limit of paid periods. With 100 customers a fast machine
 * reached that limit.
 */
const CUSTOMERS_OF_A_PAYER = 200;

const TRANSFERS = `transfers, ${CALLERS} callers`;
const ACTIVATIONS = `activations of new customers, ${CALLERS} callers`;
const RENEWALS = `renewals, ${CALLERS} callers`;
const BATCHES = `renewals in batches of ${MAX_BATCH_RENEWALS}, 4 callers`;

const GOALS: readonly Goal[] = [ACTIVATIONS, RENEWALS].map((over) => ({
  what: `${over}, through the queue`,
  against: 'transfers through the queue',
  over,
  under: [TRANSFERS],
  floor: 0.6,
  goal: 0.75,
}));

/** A customer, and its panel. */
interface Served {
  readonly panel: Panel;
  readonly id: string;
}

/** Spends credits on customers and moves credits down the tree, through the same queue, without HTTP. */
export async function customers(bench: Bench): Promise<readonly Section[]> {
  const { url, sql, rounds } = bench;
  // As in the suite of transfers: plans made while the tables are small would live as long as the connections.
  await sql.unsafe(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET enable_seqscan = off`).simple();
  const { edges } = await plant(url, 1);
  const panels = [...new Map(edges.map(({ from }) => [from.id, from])).values()];
  const served = await plantCustomers(sql, panels);
  await sql`ANALYZE`;
  const cells = [
    cell(bench, TRANSFERS, CALLERS, () => [transferOf(draw(edges))]),
    cell(bench, ACTIVATIONS, CALLERS, () => [activation(draw(panels))]),
    cell(bench, RENEWALS, CALLERS, () => [renewal(draw(draw(served)))]),
    cell(bench, BATCHES, 4, () => {
      const ofOne = draw(served);
      return times(MAX_BATCH_RENEWALS, () => renewal(draw(ofOne)));
    }),
  ];
  const results = await runRounds(cells, rounds);
  return [{ id: 'customers', title: 'Customers', text: cellsTable(results, 'commands'), outcomes: outcomesOf(rates(results), GOALS) }];
}

function cell({ sql, url }: Bench, name: string, callers: number, commands: () => readonly Command[]): Cell {
  return {
    name,
    rows: () => countTransfers(sql),
    async open() {
      const queue = openQueue(url);
      const post = async () => {
        const outcomes = await queue.postEach(commands());
        for (const outcome of outcomes) if (outcome.status === 'refused') throw outcome.refusal;
        return outcomes.length;
      };
      return { load: (forMs) => callAgain(callers, forMs, post), close: () => queue.close() };
    },
  };
}

/** Plants the customers of every panel, each with one paid period. */
async function plantCustomers(sql: Sql, panels: readonly Panel[]): Promise<readonly (readonly Served[])[]> {
  for (const { tenantId, id } of panels) {
    await sql`
      INSERT INTO customer (tenant_id, id, reseller_id, name, search_key, screens, next_screens, is_trial, expires_at, credits_spent, created_at)
      SELECT ${tenantId}, gen_random_uuid(), ${id}, 'Customer', 'customer', 1, 1, false, now() + interval '30 days', 0, now()
      FROM generate_series(1, ${CUSTOMERS_OF_A_PAYER}::int)`;
  }
  const rows = await sql<{ id: string; resellerId: string }[]>`SELECT id, reseller_id AS "resellerId" FROM customer`;
  const ofPanel = new Map<string, Served[]>(panels.map(({ id }) => [id, []]));
  const panelOf = new Map(panels.map((panel) => [panel.id, panel]));
  for (const { id, resellerId } of rows) {
    const panel = panelOf.get(resellerId);
    if (panel) ofPanel.get(resellerId)?.push({ panel, id });
  }
  return [...ofPanel.values()];
}

function draw<One>(list: readonly One[]): One {
  const one = list[Math.floor(Math.random() * list.length)];
  if (one === undefined) throw new Error('nothing to draw from');
  return one;
}

/** The common part of a panel's commands, as the use cases make it. */
function by({ id, tenantId, userId }: Panel) {
  const key = uuidv7();
  return {
    tenantId,
    scopeTenantId: tenantId,
    scopeId: id,
    key,
    hash: hash('sha256', key),
    actorId: userId,
    roles: CUSTOMER_ROLES,
    transferId: uuidv7(),
  };
}

function activation(panel: Panel): ActivateCustomer {
  const details = detailsOf('João da Silva', '(11) 98888-7777', null);
  return { ...by(panel), kind: 'activateCustomer', customerId: uuidv7(), details, periods: 1, screens: 1 };
}

function renewal({ id, panel }: Served): RenewCustomer {
  return { ...by(panel), kind: 'renewCustomer', customerId: id, periods: 1 };
}
