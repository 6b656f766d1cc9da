import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createAddressRules, type Resolve } from '../../src/domain/endpoint/address-rules.ts';
import { createSender } from '../../src/domain/endpoint/sender.ts';
import { newSecret } from '../../src/domain/endpoint/signature.ts';
import { closedAtEnd } from '../support/leftovers.ts';
import { PATIENCE_MS } from '../support/until.ts';
import { Receiver } from './receiver.ts';

const NAMES: Readonly<Record<string, string>> = {
  'good.test': '93.184.216.34',
  'six.test': '2606:2800:220:1:248:1893:25c8:1946',
  'private.test': '10.0.0.1',
  'mapped.test': '::ffff:10.0.0.1',
  'local.test': '127.0.0.1',
};
const resolve: Resolve = async (name) => {
  const address = NAMES[name];
  return address === undefined ? Promise.reject(new Error('ENOTFOUND')) : [{ address, family: address.includes(':') ? 6 : 4 }];
};

const GOOD = [
  'https://good.test/hooks?k=v',
  'https://six.test:8443',
  'https://93.184.216.34',
  'https://[2606:2800:220:1::1]/',
  'https://later.test',
];
const BAD = [
  ...['', 'hooks', 'http://good.test', 'file:///etc/passwd', 'ftp://good.test', 'data:text/plain,x', 'javascript:0', 'wss://good.test'],
  ...[
    'https://user@good.test',
    'https://:word@good.test',
    'https://good.test/#x',
    'https://good.test:22',
    'https://good.test:80',
    `https://good.test/${'x'.repeat(2_000)}`,
  ],
  ...[
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://0x7f000001',
    'https://0177.0.0.1',
    'https://0',
    'https://[::1]',
    'https://[::]',
  ],
  ...[
    'https://10.0.0.1',
    'https://172.16.0.1',
    'https://192.168.0.1',
    'https://169.254.169.254/latest',
    'https://100.64.0.1',
    'https://168.63.129.16',
  ],
  ...[
    'https://[::ffff:127.0.0.1]',
    'https://[::ffff:7f00:1]',
    'https://[::127.0.0.1]',
    'https://[64:ff9b::7f00:1]',
    'https://[2002:7f00:1::]',
    'https://[2001::1]',
  ],
  ...[
    'https://[fd00::1]',
    'https://[fe80::1]',
    'https://[fd00:ec2::254]',
    'https://[ff02::1]',
    'https://[3ffe::1]:1',
    'https://224.0.0.1',
    'https://255.255.255.255',
  ],
  ...['https://private.test', 'https://mapped.test', 'https://local.test', 'https://192.0.2.1'],
];

test('an address is https to a public host, on port 443 or from 1024 on, in any spelling (R51)', async () => {
  const rules = createAddressRules({ resolve, allowLoopback: false });
  for (const url of GOOD) expect(await rules.refuseUrlNow(url), url).toBeNull();
  for (const url of BAD) expect(await rules.refuseUrlNow(url), url).toMatch(/^must /);
  const own = createAddressRules({ resolve, allowLoopback: true });
  for (const url of ['http://127.0.0.1:4000', 'http://localhost:4000', 'https://localhost', 'http://[::1]:4000']) {
    expect(own.refuseUrl(url), url).toBeNull();
  }
  for (const url of ['http://good.test:4000', 'http://10.0.0.1:4000', 'http://localhost:22'])
    expect(own.refuseUrl(url), url).not.toBeNull();
});

const message = (url: string) => ({ url, id: 'm', timestamp: 1, body: '{"data":{}}', secrets: [newSecret()] });
const signal = new AbortController().signal;

test('an attempt resolves once and connects to the checked address, so that a changing name leads nowhere (R51)', async () => {
  const receiver = await Receiver.open();
  const { port } = new URL(receiver.origin);
  let asked = 0;
  const turning: Resolve = async () => {
    asked += 1;
    return [{ address: asked === 1 ? '93.184.216.34' : '127.0.0.1', family: 4 }];
  };
  const rules = createAddressRules({ resolve: turning, allowLoopback: false });
  expect(await rules.refuseUrlNow(`https://turning.test:${port}`)).toBeNull();
  expect(await createSender(rules, PATIENCE_MS).send(message(`https://turning.test:${port}`), signal)).toEqual({
    kind: 'failed',
    why: 'ADDRESS_REFUSED',
  });
  expect(asked).toBe(2);
  // A literal address is never looked up: its text is checked again.
  const strict = createSender(rules, PATIENCE_MS);
  for (const url of [receiver.origin, `https://[::ffff:127.0.0.1]:${port}`, `https://2130706433:${port}`]) {
    expect(await strict.send(message(url), signal), url).toEqual({ kind: 'failed', why: 'ADDRESS_REFUSED' });
  }
  // A public address next to a private one is refused too.
  const mixed = createAddressRules({
    resolve: async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ],
    allowLoopback: false,
  });
  expect(await createSender(mixed, PATIENCE_MS).send(message('https://mixed.test'), signal)).toMatchObject({ why: 'ADDRESS_REFUSED' });
  expect(receiver.got).toEqual([]);
});

test("only an answer's status counts: no redirect is followed, a long body is not read, silence ends by time-out (R51)", async () => {
  const receiver = await Receiver.open();
  const rules = createAddressRules({ resolve, allowLoopback: true });
  const sender = createSender(rules, PATIENCE_MS);
  let sent = 0;
  receiver.answer = ({ path }, response) => {
    if (path === '/redirect') response.writeHead(307, { location: `${receiver.origin}/elsewhere` }).end();
    if (path === '/close') response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy());
    if (path !== '/endless') return;
    const more = () => {
      if (response.destroyed) return;
      sent += 1;
      response.write('x'.repeat(64 * 1024), () => setImmediate(more));
    };
    response.writeHead(200);
    more();
  };
  expect(await sender.send(message(`${receiver.origin}/redirect`), signal)).toEqual({ kind: 'answered', status: 307 });
  expect(await sender.send(message(`${receiver.origin}/close`), signal)).toEqual({ kind: 'answered', status: 200 });
  expect(await sender.send(message(`${receiver.origin}/endless`), signal)).toEqual({ kind: 'answered', status: 200 });
  expect(sent).toBeLessThan(1_000);
  expect(receiver.got.map(({ path }) => path)).toEqual(['/redirect', '/close', '/endless']);

  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  closedAtEnd(async () => void silent.close());
  const { port } = silent.address() as AddressInfo;
  expect(await createSender(rules, 50).send(message(`http://127.0.0.1:${port}`), signal)).toEqual({ kind: 'failed', why: 'TIMEOUT' });
  await receiver.close();
  expect(await sender.send(message(receiver.origin), signal)).toEqual({ kind: 'failed', why: 'ECONNREFUSED' });
});
