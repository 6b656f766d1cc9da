/** The suite on reminders. */

import { CALLERS, Rates, rowsOf } from '../callers.ts';
import { openRemindingWorld } from '../reminding-world.ts';
import { type Goal, outcomesOf, type Section, table, type Values } from '../report.ts';
import type { Bench } from './suite.ts';

const CUSTOMERS = 100_000;
const QUICK_CUSTOMERS = 20_000;
const WARM_UP_MS = 3_000;

const ALONE = 'messages queued, alone';
const BESIDE = 'messages queued, beside callers';
const CALLERS_BESIDE = 'callers, beside the queueing';
const CALLERS_AROUND = 'callers, before and after it';

const GOALS: readonly Goal[] = [
  {
    what: `${CALLERS} callers beside the queueing`,
    against: 'before and after it',
    over: CALLERS_BESIDE,
    under: [CALLERS_AROUND],
    floor: 0.8,
    goal: 0.9,
  },
];

/**
 * Queues the messages of a panel whose customers are all due in the same hour, alone and while callers transfer
 * credits in another tenant.
 */
export async function reminders({ isQuick, rounds, sql, url }: Bench): Promise<readonly Section[]> {
  const customers = isQuick ? QUICK_CUSTOMERS : CUSTOMERS;
  const world = await openRemindingWorld(sql, url, customers);
  const values = new Rates();
  try {
    await world.callers.callFor(WARM_UP_MS);
    for (let round = 0; round < rounds.rounds; round += 1) {
      values.keep(ALONE, customers / (await world.remind()));
      const { around, during, seconds } = await world.callers.callDuring(world.remind);
      values.keep(BESIDE, customers / seconds);
      values.keep(CALLERS_BESIDE, during);
      values.keep(CALLERS_AROUND, around);
    }
  } finally {
    await world.close();
  }
  return [{ id: 'reminders', title: 'Reminders', text: textOf(values, customers), outcomes: outcomesOf(values, GOALS) }];
}

function textOf(values: Values, customers: number): string {
  const about = `${customers} customers of one panel, all due at nine o'clock. Callers transfer one credit each in another tenant, through the queue of the process that queues the messages, ${CALLERS} at once.`;
  return `${about}\n\n${table(['', 'a second', 'spread'], rowsOf(values))}`;
}
