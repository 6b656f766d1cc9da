import { median } from '../measure.ts';
import { openRemindingWorld } from '../reminding-world.ts';
import { type Goal, outcomesOf, type Section, table, type Values, whole } from '../report.ts';
import type { Bench } from './suite.ts';

const CUSTOMERS = 100_000;
const CUSTOMERS_FOR_A_LOOK = 20_000;
const CALLERS = 16;
const WARM_UP_MS = 3_000;
const AROUND_MS = 3_000;

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

/** A panel's customers who are all due at one hour: their messages queued alone, and beside callers who transfer credits in another tenant. */
export async function reminders({ isQuick, rounds, sql, url }: Bench): Promise<readonly Section[]> {
  const customers = isQuick ? CUSTOMERS_FOR_A_LOOK : CUSTOMERS;
  const world = await openRemindingWorld(sql, url, customers);
  const values = new Map<string, number[]>();
  const keep = (name: string, perSecond: number) => {
    values.set(name, [...(values.get(name) ?? []), perSecond]);
    process.stderr.write(`${name}: ${whole(perSecond)}/s\n`);
  };
  const callFor = (ms: number) => {
    const untilMs = performance.now() + ms;
    return world.call(CALLERS, () => performance.now() > untilMs);
  };
  try {
    await callFor(WARM_UP_MS);
    for (let round = 0; round < rounds.rounds; round += 1) {
      keep(ALONE, customers / (await world.remind()));
      const before = await callFor(AROUND_MS);
      let isOver = false;
      const calls = world.call(CALLERS, () => isOver);
      const seconds = await world.remind();
      isOver = true;
      keep(BESIDE, customers / seconds);
      keep(CALLERS_BESIDE, await calls);
      keep(CALLERS_AROUND, (before + (await callFor(AROUND_MS))) / 2);
    }
  } finally {
    await world.close();
  }
  return [{ id: 'reminders', title: 'Reminders', text: textOf(values, customers), outcomes: outcomesOf(values, GOALS) }];
}

function textOf(values: Values, customers: number): string {
  const rows = [...values].map(([name, of]) => [name, whole(median(of)), `${whole(Math.min(...of))} to ${whole(Math.max(...of))}`]);
  const about = `${customers} customers of one panel, all due at nine o'clock. Callers transfer one credit each in another tenant, through the queue of the process that queues the messages, ${CALLERS} at once.`;
  return `${about}\n\n${table(['', 'a second', 'spread'], rows)}`;
}
