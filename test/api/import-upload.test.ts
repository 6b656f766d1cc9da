import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { settled } from '../support/clients/import-api.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

/** About as many rows as are stored in one piece. */
const PIECE_ROWS = 400;
/** The pace of the upload. As fast as possible, it would have a hundred thousand rows, which the server then checks. */
const PACE_MS = 700;

test('an upload that makes progress may take longer than a request; a stalled one is ended, like any other body (R55)', async () => {
  const { api, demo } = await startDemo({ limits: { requestTimeoutMs: 8_000, headersTimeoutMs: 8_000 } });
  const sql = openTestSql(api.databaseUrl);
  const open = (path: string, contentType: string) => {
    const headers = { authorization: `Bearer ${demo.root.token}`, 'content-type': contentType };
    const sent = request(`${api.client.origin}${path}`, { method: 'POST', headers });
    const answer = once(sent, 'response').then(([response]): IncomingMessage => response);
    return { sent, answer };
  };
  const going = open('/import', 'text/csv');
  going.sent.write('login,expiry,notes\n');
  const stalled = open('/import', 'text/csv');
  stalled.sent.write('login,expiry\n');
  const other = open('/graphql', 'application/json');
  other.sent.write('{');

  const ended = new Set<string>();
  void going.answer.then(
    () => ended.add('going'),
    () => ended.add('going'),
  );
  void stalled.answer.then(() => ended.add('upload'));
  void other.answer.then(() => ended.add('other'));
  const end = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const kept = async () => (await sql`SELECT FROM import_chunk`).count;
  let rows = 0;
  // Piece after piece is stored until both other uploads, which began later, were ended.
  while (!(ended.has('upload') && ended.has('other'))) {
    const before = await kept();
    const lines = Array.from({ length: PIECE_ROWS }, (_, index) => `slow.${rows + index},${end},${'x'.repeat(900)}\n`);
    rows += PIECE_ROWS;
    going.sent.write(lines.join(''));
    await until(async () => ended.has('going') || (await kept()) > before);
    expect(ended.has('going')).toBe(false);
    await delay(PACE_MS);
  }
  expect((await stalled.answer).statusCode).toBe(408);
  expect((await other.answer).statusCode).toBe(408);
  going.sent.end();
  const answer = await going.answer;
  expect(answer.statusCode).toBe(202);
  const [body] = await once(answer, 'data');
  const { id } = JSON.parse(String(body));
  expect(await settled(api.client, demo.root.token, id)).toMatchObject({ status: 'PREVIEWED', rows, validRows: rows });
  expect((await sql`SELECT FROM import`).count).toBe(1);
  for (const { sent } of [stalled, other]) sent.destroy();
  await sql.end();
});
