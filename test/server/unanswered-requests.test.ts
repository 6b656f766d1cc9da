import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { serve } from './world.ts';

const REQUESTS = 40;
const HEADERS = 'Host: x\r\nOrigin: http://x\r\n';
const asked = `OPTIONS /graphql HTTP/1.1\r\n${HEADERS}\r\n`.repeat(REQUESTS);
const upgrade = `GET /graphql HTTP/1.1\r\n${HEADERS}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

/** The statuses of the answers on a connection, once there are this many. */
async function statusesOf(socket: Socket, sent: string, count: number): Promise<(string | undefined)[]> {
  let text = '';
  const hear = (chunk: string) => {
    text += chunk;
  };
  socket.on('data', hear).write(sent);
  const statuses = () => [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status);
  while (statuses().length < count) await once(socket, 'data');
  socket.off('data', hear);
  return statuses();
}

function open(url: string): Socket {
  return connect(Number(new URL(url).port), '127.0.0.1')
    .setEncoding('latin1')
    .on('error', () => {});
}

const ALL_ANSWERED = Array.from({ length: REQUESTS }, () => '204');

test('an upgrade behind unanswered requests is answered after them, as an ordinary request', async () => {
  await using running = await serve({ unansweredRequests: REQUESTS + 10 });
  const socket = open(running.url);
  const statuses = await statusesOf(socket, asked + upgrade, REQUESTS + 1);
  expect(statuses.slice(0, REQUESTS)).toEqual(ALL_ANSWERED);
  expect(statuses[REQUESTS]).not.toBe('101');
  // Once all are answered, the same connection may be upgraded.
  expect(await statusesOf(socket, upgrade, 1)).toEqual(['101']);
  socket.destroy();
});

test.each([
  ['an upgrade', upgrade],
  ['CONNECT', `CONNECT x:443 HTTP/1.1\r\n${HEADERS}\r\n`],
])('requests followed by %s and a disconnect no longer count', async (_name, last) => {
  await using running = await serve({ unansweredRequests: REQUESTS + 10 });
  for (let time = 0; time < 3; time += 1) {
    const socket = open(running.url);
    await statusesOf(socket, asked + last, 1);
    socket.destroy();
    await once(socket, 'close');
  }
  const socket = open(running.url);
  expect(await statusesOf(socket, asked, REQUESTS)).toEqual(ALL_ANSWERED);
  socket.destroy();
});
