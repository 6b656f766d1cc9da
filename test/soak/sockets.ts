/** The stage of the soak with thousands of sockets. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { openPrivatePostgres } from '../support/processes/private-postgres.ts';
import { until } from '../support/until.ts';
import { CleanUp } from './clean-up.ts';
import { ask } from './client.ts';
import { Fleet } from './fleet.ts';
import type { Group, ReadersQuestion, ReadersReport } from './readers.child.ts';
import { say, table } from './report.ts';
import { type Payer, plantWorld } from './world.ts';

const PAYERS = 65;
const CHANGE_EVERY_MS = 50;
const WINDOW_MS = 10_000;
/** The most memory that a stalled socket may cost the server: its buffer and its objects. */
const STALLED_SOCKET_MB = 0.5;
const DELAY_TIMES_CALM = 2;
const BATCHES = 4;
const TRANSFERS_OF_A_BATCH = 1_000;
const BATCHES_WITHIN_MS = 60_000;

const SLIM = 'subscription ($after: Version) { event: balanceChanged(after: $after) { version entry { transfer { memo } } } }';
/** A selection of some 400 bytes a change. */
const WIDE = `subscription ($after: Version) { event: balanceChanged(after: $after) { version ${Array.from(
  { length: 5 },
  (_, index) => `a${index}: account { id balance reserveThreshold }`,
).join(' ')} } }`;
const TRANSFER = `mutation ($input: TransferCreditsInput!) { result: transferCredits(input: $input) { __typename ... on Error { code message } } }`;
const BATCH = `mutation ($input: TransferCreditsBatchInput!) {
  result: transferCreditsBatch(input: $input) { __typename ... on Error { code message } } }`;

interface Readers {
  ask(question: ReadersQuestion): Promise<ReadersReport>;
  close(): void;
}

function openReaders(): Readers {
  const child = fork(new URL('readers.child.ts', import.meta.url), { execArgv: [] });
  const ended = once(child, 'exit').then(() => [null]);
  return {
    async ask(question) {
      child.send(question);
      const [report] = await Promise.race([once(child, 'message'), ended]);
      if (report === null) throw new Error('the readers ended');
      return report;
    },
    close: () => child.disconnect(),
  };
}

const changeOf = ({ childId }: Payer) => ({
  toResellerId: childId,
  amount: 1,
  memo: String(Date.now()),
  idempotencyKey: crypto.randomUUID(),
});

/** Changes one account after another until the returned function is called. */
function changeAll(origin: string, payers: readonly Payer[]): () => Promise<void> {
  let isWanted = true;
  const changing = (async () => {
    for (let index = 0; isWanted; index += 1) {
      const payer = payers[index % payers.length];
      if (payer) await ask(origin, payer.token, TRANSFER, { input: changeOf(payer) }, 10_000);
      await delay(CHANGE_EVERY_MS);
    }
  })();
  return async () => {
    isWanted = false;
    await changing;
  };
}

/** Opens this many sockets on one server. They run undisturbed, then some reconnect all at once, then some stop reading. */
export async function manySockets(folder: string, isQuick: boolean): Promise<boolean> {
  const [count, storm, stalled] = isQuick ? [1_000, 200, 50] : [10_000, 2_000, 500];
  const cleanUp = new CleanUp();
  try {
    const postgres = await openPrivatePostgres(folder, true);
    cleanUp.push(postgres.remove);
    const world = await plantWorld(postgres.url, PAYERS);
    cleanUp.push(() => world.ledger.close());
    const fleet = await Fleet.open([postgres.url]);
    cleanUp.push(() => fleet.close());
    const readers = openReaders();
    cleanUp.push(readers.close);
    const rows: string[][] = [['', 'deliveries', 'delay ms: half', '99 %', 'all', 'MB', 'fds']];
    const problems: string[] = [];
    const add = async (name: string, { deliveries, p50, p99, max }: ReadersReport) => {
      const usage = await fleet.usage();
      const cells = [deliveries, p50, p99, max, usage.residentMb, usage.descriptors];
      rows.push([name, ...cells.map((value) => String(Math.round(value)))]);
      return usage;
    };
    const origin = fleet.origins[0] ?? '';
    const [stalling, ...others] = world.payers;
    if (!stalling) throw new Error('a world without payers');
    const tokens = others.map(({ token }) => token);
    const groups: readonly Group[] = [
      { tokens, count: count - storm - stalled, document: SLIM },
      { tokens, count: storm, document: SLIM },
      { tokens: [stalling.token], count: stalled, document: WIDE },
    ];
    const empty = await fleet.usage();
    say(`Opening ${count} sockets …`);
    await readers.ask({ kind: 'open', port: Number(new URL(origin).port), groups });
    const stop = changeAll(origin, others);
    await delay(WINDOW_MS / 2);
    await readers.ask({ kind: 'mark' });
    await delay(WINDOW_MS);
    const calm = await readers.ask({ kind: 'report' });
    const before = await add('calm', calm);

    say(`${storm} of them reconnect at once …`);
    await readers.ask({ kind: 'mark' });
    const stormed = await readers.ask({ kind: 'storm', group: 1, count: storm });
    await add('while they reconnected', stormed);

    say(`${stalled} of them stop reading …`);
    await readers.ask({ kind: 'stall', group: 2 });
    await readers.ask({ kind: 'mark' });
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const transfers = Array.from({ length: TRANSFERS_OF_A_BATCH }, () => changeOf(stalling));
      await ask(origin, stalling.token, BATCH, { input: { transfers } }, BATCHES_WITHIN_MS);
    }
    await delay(WINDOW_MS);
    const beside = await readers.ask({ kind: 'report' });
    const during = await add('with stalled readers', beside);
    await stop();

    await readers.ask({ kind: 'resume', group: 2 });
    const { version } = await world.ledger.account(stalling.panel);
    const caughtUp = await until(async () => {
      const report = await readers.ask({ kind: 'report' });
      return report.furthestBehind[2] === version && report;
    }, 120_000).catch(() => null);
    if (!caughtUp) problems.push('stalled readers that read again do not catch up');
    const last = await readers.ask({ kind: 'report' });
    await add('when all had caught up', { ...last, deliveries: 0, p50: 0, p99: 0, max: 0 });
    if (last.open !== count) problems.push(`${count - last.open} sockets were lost`);
    if (last.missed + last.doubled > 0) problems.push(`${last.missed} versions were missed, ${last.doubled} doubled`);
    problems.push(...last.errors);
    for (const [what, { p50 }] of [['a storm', stormed] as const, ['stalled readers', beside] as const]) {
      if (p50 > DELAY_TIMES_CALM * calm.p50) problems.push(`the others waited ${p50} ms with ${what}, ${calm.p50} ms undisturbed`);
    }
    if (during.residentMb - before.residentMb > stalled * STALLED_SOCKET_MB) problems.push('stalled readers hold too much memory');
    process.stdout.write(
      `${table(rows)}\n${count} sockets: ${Math.round(((before.residentMb - empty.residentMb) * 1024) / count)} kB each.\n`,
    );
    process.stdout.write(problems.map((problem) => `PROBLEM: ${problem}\n`).join(''));
    return problems.length === 0;
  } finally {
    await cleanUp.run();
  }
}
