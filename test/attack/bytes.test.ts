import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api } from '../support/clients/api.ts';
import type { Demo } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
});

afterAll(() => api[Symbol.asyncDispose]());

function many(count: number, make: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => make(at)).join(' ');
}

/** Sends bytes unchanged, and returns what came back until the server closed the connection or `isEnough` says so. */
async function raw(bytes: string | Buffer, isEnough: (text: string) => boolean = (text) => text.includes('\r\n\r\n')): Promise<string> {
  const { hostname, port } = new URL(api.client.origin);
  const socket = connect(Number(port), hostname);
  let text = '';
  const done = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (isEnough(text)) resolve();
    });
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
  });
  await once(socket, 'connect');
  socket.write(bytes);
  await done;
  socket.destroy();
  return text;
}

async function expectServing(): Promise<void> {
  expect((await api.client.ask(demo.ana.token, '{ viewer { role } }')).text).toBe('{"data":{"viewer":{"role":"OWNER"}}}');
}

describe('bytes that are not a request', () => {
  test('are refused or cut off, and disturb nobody', async () => {
    const host = 'Host: x\r\n';
    const long = 'x'.repeat(100_000);
    const requests: Record<string, string> = {
      'no HTTP': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
      'a line too long': `GET /${long} HTTP/1.1\r\n${host}\r\n`,
      'a header too long': `GET /graphql HTTP/1.1\r\n${host}x-a: ${long}\r\n\r\n`,
      'too many headers': `GET /graphql HTTP/1.1\r\n${host}${many(3_000, (at) => `x-${at}: 1\r\n`).replaceAll(' x-', 'x-')}\r\n`,
      'two lengths': `POST /graphql HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 50\r\n\r\n{"a"}`,
      'a length and chunks': `POST /graphql HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x`,
      'a bad chunk': `POST /graphql HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n`,
      'a negative length': `POST /graphql HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`,
      'a folded header': `GET /graphql HTTP/1.1\r\n${host}x-a: 1\r\n 2\r\nx\r\n\r\n`,
      'a null in a header': `GET /graphql HTTP/1.1\r\n${host}x-a: \x00\r\n\r\n`,
      'no host': 'GET /graphql HTTP/1.1\r\n\r\n',
      CONNECT: 'CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n',
      TRACE: `TRACE / HTTP/1.1\r\n${host}\r\n`,
      'another protocol': `GET /graphql HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
      'a compressed body': `POST /graphql HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08`,
    };
    for (const [name, bytes] of Object.entries(requests)) {
      const text = await raw(Buffer.from(bytes, 'latin1'));
      expect(text === '' || /^HTTP\/1\.1 (2|3|4)\d\d /.test(text), `${name}: ${text.slice(0, 200)}`).toBe(true);
    }
    await expectServing();
  });

  test('no spelling of a path reaches the disk', async () => {
    const paths = [
      ...['/../package.json', '/assets/../../package.json', '/assets/..%2f..%2fpackage.json', '/assets/%2e%2e/%2e%2e/package.json'],
      ...[
        '//etc/passwd',
        '/assets//etc/passwd',
        '/assets/..\\..\\package.json',
        '/assets/%00',
        '/%',
        '/%ff',
        '/assets/__proto__',
        '/__proto__',
      ],
      ...['/.env', '/.git/config', '/.data/secrets.key', '/src/main.ts', '/assets/', '/assets', `/${'a/'.repeat(5_000)}`, '/buy/../../x'],
      ...['http://evil.test/graphql', '*', '/graphql/', '/GRAPHQL', '/webhooks/payments/../../graphql', '/export/../graphql'],
    ];
    for (const path of paths) {
      const text = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, () => false);
      expect(text, path).toMatch(/^HTTP\/1\.1 (200|302|4\d\d) /);
      expect(text, path).not.toMatch(/root:|"dependencies"|\[core\]|DATABASE_URL/);
      if (text.startsWith('HTTP/1.1 200')) expect(text, path).toMatch(/content-type: text\/html/i);
    }
  });

  test('in a WebSocket, whatever frame they imitate, close it; compression is not agreed', async () => {
    const upgrade =
      'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
    expect(await raw(upgrade)).not.toMatch(/sec-websocket-extensions/i);
    const mask = Buffer.alloc(4);
    const frames: Record<string, Buffer> = {
      unmasked: Buffer.from([0x81, 0x02, 0x7b, 0x7d]),
      'a reserved bit, as of a compressed frame': Buffer.concat([Buffer.from([0xc1, 0x82]), mask, Buffer.from('{}')]),
      'an unknown kind': Buffer.concat([Buffer.from([0x83, 0x80]), mask]),
      'no UTF-8': Buffer.concat([Buffer.from([0x81, 0x82]), mask, Buffer.from([0xc3, 0x28])]),
      'a length of 2^63': Buffer.concat([Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0]), mask]),
      'a length of 1 GB': Buffer.concat([Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0]), mask]),
      'a ping of 200 bytes': Buffer.concat([Buffer.from([0x89, 0xfe, 0, 200]), mask, Buffer.alloc(200)]),
      'a rest of nothing': Buffer.concat([Buffer.from([0x80, 0x80]), mask]),
      'bytes, not text': Buffer.concat([Buffer.from([0x82, 0x82]), mask, Buffer.from([0, 255])]),
    };
    for (const [name, frame] of Object.entries(frames)) {
      // The server answers with a close frame (0x88), and then ends the connection.
      const text = await raw(Buffer.concat([Buffer.from(upgrade), frame]), (so) => so.includes('\r\n\r\n') && so.includes('\x88'));
      expect(text, name).toContain('\x88');
    }
    await expectServing();
  });
});
