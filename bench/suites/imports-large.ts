/** The suite on the largest import and on a large tenant. */

import { liveBytes } from '../../test/support/live-bytes.ts';
import { CALLERS } from '../callers.ts';
import { type MovingWorld, openMovingWorld } from '../moving-world.ts';
import { type Section, table, whole } from '../report.ts';
import type { Bench } from './suite.ts';

const LINES = 1_000_000;
const CUSTOMERS = 100_000;
/** The share of both sizes that `--quick` uses. */
const QUICK_SHARE = 0.02;
/** With the other columns a line has 198 bytes; the limit of a file is 200 MB. */
const NOTE_CHARACTERS = 84;
const AROUND_MS = 5_000;
const WEIGH_EVERY_MS = 2_000;
const MB = 1_000_000;

/** Previews the largest file that is accepted, then previews and commits a large tenant while callers work. Each runs once. */
export async function importsLarge({ isQuick, sql, url }: Bench): Promise<readonly Section[]> {
  const share = isQuick ? QUICK_SHARE : 1;
  const world = await openMovingWorld(sql, url);
  try {
    const rows = [...(await largestFile(world, LINES * share)), ...(await largeTenant(world, CUSTOMERS * share))];
    const about = `A list of ${LINES * share} lines, generated during the upload, and one of ${CUSTOMERS * share} customers beside ${CALLERS} callers in another tenant, each once, in one process. Held: heap and buffers after collecting garbage, every two seconds, above the value before.`;
    return [{ id: 'imports-large', title: 'Large imports', text: `${about}\n\n${table(['', ''], rows)}`, outcomes: [] }];
  } finally {
    await world.close();
  }
}

async function largestFile(world: MovingWorld, lines: number): Promise<readonly string[][]> {
  const upload = await weighed(async () => {
    let bytes = 0;
    async function* pieces() {
      for (const piece of world.lines(lines, NOTE_CHARACTERS)) {
        bytes += piece.length;
        yield piece;
      }
    }
    const startedMs = performance.now();
    const id = await world.uploadPieces(pieces());
    return { id, bytes, seconds: (performance.now() - startedMs) / 1000 };
  });
  const { bytes, id, seconds } = upload.result;
  const preview = await weighed(() => world.take('preview', id));
  return [
    [`upload of ${lines} lines, ${whole(bytes / MB)} MB`, `${whole(seconds)} s`],
    ['held meanwhile', `${whole(upload.heldBytes / MB)} MB`],
    ['its preview', `${whole(preview.result)} s, ${whole(lines / preview.result)} lines a second`],
    ['held meanwhile', `${whole(preview.heldBytes / MB)} MB`],
  ];
}

async function largeTenant(world: MovingWorld, customers: number): Promise<readonly string[][]> {
  const id = await world.upload(world.list(customers));
  const rows: string[][] = [];
  for (const step of ['preview', 'commit'] as const) {
    const { around, during, seconds } = await world.callers.callDuring(() => world.take(step, id), AROUND_MS);
    const share = `${whole(during)} of ${whole(around)} a second, ${(during / around).toFixed(2)}`;
    rows.push(
      [`${step} of ${customers} customers beside callers`, `${whole(seconds)} s, ${whole(customers / seconds)} a second`],
      ['transfers of the callers meanwhile', share],
    );
  }
  return rows;
}

async function weighed<Result>(work: () => Promise<Result>): Promise<{ readonly result: Result; readonly heldBytes: number }> {
  const before = liveBytes();
  let heldBytes = 0;
  const timer = setInterval(() => {
    heldBytes = Math.max(heldBytes, liveBytes() - before);
  }, WEIGH_EVERY_MS);
  try {
    const result = await work();
    return { result, heldBytes };
  } finally {
    clearInterval(timer);
  }
}
