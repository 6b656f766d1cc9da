import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { importNow } from '../support/clients/import-api.ts';
import { liveBytes } from '../support/live-bytes.ts';
import { until } from '../support/until.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

/** Lines of the greatest length that a note allows. */
const ROWS = 24_000;
const NOTE_CHARACTERS = 1_950;
const PIECE_ROWS = 32;
/** The most memory that server and sender in this process may use for a file of 48 MB, during the upload and the reading. */
const MAX_HELD_BYTES = 24_000_000;
const WEIGH_EVERY_PIECES = 50;
/** Measuring collects the whole heap. */
const WEIGH_EVERY_PERCENT = 5;

test('only a small part of a large file is in memory, during the upload and while it is read (R55)', async () => {
  const { api, demo } = await startDemo();
  const end = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const note = 'x'.repeat(NOTE_CHARACTERS);
  const before = liveBytes();
  let held = 0;
  const weigh = () => {
    held = Math.max(held, liveBytes(before + MAX_HELD_BYTES) - before);
  };
  async function* file() {
    yield Buffer.from('login,expiry,notes\n');
    for (let row = 0; row < ROWS; row += PIECE_ROWS) {
      if ((row / PIECE_ROWS) % WEIGH_EVERY_PIECES === 0) weigh();
      yield Buffer.from(Array.from({ length: PIECE_ROWS }, (_, index) => `long.${row + index},${end},${note}\n`).join(''));
    }
    weigh();
  }
  // Not fetch, because it keeps what it has sent.
  const headers = { authorization: `Bearer ${demo.root.token}`, 'content-type': 'text/csv' };
  const sent = request(`${api.client.origin}/import`, { method: 'POST', headers });
  const [[answer]] = await Promise.all([once(sent, 'response'), pipeline(Readable.from(file(), { highWaterMark: 1 }), sent)]);
  expect(answer.statusCode).toBe(202);
  const { id } = JSON.parse(await text(answer));
  expect(held).toBeLessThan(MAX_HELD_BYTES);
  let weighedAt = -WEIGH_EVERY_PERCENT;
  const done = await until(async () => {
    const now = await importNow(api.client, demo.root.token, id);
    if (now && now.progress >= weighedAt + WEIGH_EVERY_PERCENT) {
      weighedAt = now.progress;
      weigh();
    }
    return now?.status === 'READING' ? undefined : now;
  });
  expect(done).toMatchObject({ status: 'PREVIEWED', rows: ROWS, validRows: ROWS });
  weigh();
  expect(held).toBeLessThan(MAX_HELD_BYTES);
});
