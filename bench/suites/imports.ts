/** The suite on imports. */

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sql } from '../../src/db/sql.ts';
import { CALLERS, Rates, rowsOf } from '../callers.ts';
import { openMovingWorld, type Step } from '../moving-world.ts';
import { type Goal, outcomesOf, type Section, table, type Values } from '../report.ts';
import type { Bench } from './suite.ts';

const LINES = 20_000;
const QUICK_LINES = 4_000;
const WARM_UP_MS = 3_000;

const COPY = 'COPY of the lines into a bare table';
const beside = (step: Step) => `${step}, beside callers`;
const callersBeside = (step: Step) => `callers, beside a ${step}`;
const callersAround = (step: Step) => `callers, before and after that ${step}`;
const STEPS: readonly Step[] = ['preview', 'commit'];

const GOALS: readonly Goal[] = STEPS.flatMap((step) => [
  { what: `lines of a ${step}`, against: 'COPY into a bare table', over: step, under: [COPY], floor: 0.02, goal: 0.2 },
  {
    what: `${CALLERS} callers beside a ${step}`,
    against: 'before and after it',
    over: callersBeside(step),
    under: [callersAround(step)],
    floor: 0.8,
    goal: 0.9,
  },
]);

/** Previews and commits lists of customers, alone and while callers transfer credits in another tenant. */
export async function imports({ isQuick, rounds, sql, url }: Bench): Promise<readonly Section[]> {
  const lines = isQuick ? QUICK_LINES : LINES;
  const world = await openMovingWorld(sql, url);
  const values = new Rates();
  try {
    await world.callers.callFor(WARM_UP_MS);
    for (let round = 0; round < rounds.rounds; round += 1) {
      const list = world.list(lines);
      values.keep(COPY, lines / (await copied(sql, list)));
      const alone = await world.upload(list);
      for (const step of STEPS) values.keep(step, lines / (await world.take(step, alone)));
      const id = await world.upload(world.list(lines));
      for (const step of STEPS) {
        const { around, during: callers, seconds } = await world.callers.callDuring(() => world.take(step, id));
        values.keep(beside(step), lines / seconds);
        values.keep(callersBeside(step), callers);
        values.keep(callersAround(step), around);
      }
    }
  } finally {
    await world.close();
  }
  return [{ id: 'imports', title: 'Imports', text: textOf(values, lines), outcomes: outcomesOf(values, GOALS) }];
}

/** Returns the seconds. */
async function copied(sql: Sql, list: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'revenda-bench-list-'));
  const file = join(folder, 'list.csv');
  try {
    // Postgres' own user reads the file.
    await chmod(folder, 0o755);
    await writeFile(file, list.join(''));
    await sql`CREATE TABLE bare (login text, password text, name text, expiry timestamptz, connections integer, parent text)`;
    const startedMs = performance.now();
    await sql.unsafe(`COPY bare FROM '${file}' WITH (FORMAT csv, HEADER)`);
    const seconds = (performance.now() - startedMs) / 1000;
    await sql`DROP TABLE bare`;
    return seconds;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function textOf(values: Values, lines: number): string {
  const about = `Lists of ${lines} customers, six columns, of 40 panels: lines a second. Callers transfer one credit each in another tenant, through the queue of the process that imports, ${CALLERS} at once: transfers a second.`;
  return `${about}\n\n${table(['', 'a second', 'spread'], rowsOf(values))}`;
}
