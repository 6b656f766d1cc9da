/** What RFC 9110, RFC 9112 and GraphQL over HTTP require of the HTTP handlers. */

import { EventEmitter, once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';

import { sendExport } from '../../src/server/doors/export.ts';
import { ALLOWED_REQUEST_HEADERS } from '../../src/server/http/origin.ts';

import { DEFAULT_LIMITS } from '../../src/server/limits.ts';
import { RawSocket } from './sockets.ts';
import { answerOf, bearer, DOORS, post, type Running, serve } from './world.ts';

/** Sends bytes unchanged, and returns everything until the server closed the connection. */
async function raw(running: Running, head: string): Promise<string> {
  const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.write(`${head}\r\n\r\n`);
  await once(socket, 'close');
  return text;
}

const CLOSE = 'Host: x\r\nConnection: close';
const JSON_TYPE = 'Content-Type: application/json';

for (const [door, accept] of Object.entries(DOORS)) {
  test(`the ${door} handler passes all audits of GraphQL over HTTP in graphql-http`, async () => {
    await using running = await serve();
    const fetchFn = (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      const asked = headers.get('accept');
      if (door === 'yoga' && asked !== null && accept.includes(',')) headers.set('accept', `${asked}, multipart/mixed`);
      return fetch(url, { ...init, headers });
    };
    const audits = serverAudits({ url: running.url, fetchFn });
    expect(audits.length).toBeGreaterThanOrEqual(61);
    for (const audit of audits) {
      const result = await audit.fn();
      expect(result.status, `${audit.name}: ${'reason' in result ? result.reason : ''}`).toBe('ok');
    }
  });

  test(`a persisted query is refused as Apollo's link expects, and unknown members are ignored: the ${door} handler`, async () => {
    await using running = await serve();
    const extensions = { persistedQuery: { version: 1, sha256Hash: 'x' } };
    const refused = { errors: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }] };
    const headers = { accept };
    const posted = await post(running.url, { operationName: 'A', variables: {}, extensions }, headers);
    expect([posted.status, posted.json]).toEqual([200, refused]);
    const query = new URLSearchParams({ extensions: JSON.stringify(extensions), variables: '', operationName: '' });
    const got = await answerOf(await fetch(`${running.url}?${query}`, { headers }));
    expect([got.status, got.json]).toEqual([200, refused]);
    // With the document there is nothing to look up.
    const both = await post(running.url, { query: '{ text }', extensions, id: 'x', documentId: 7, operationName: '' }, headers);
    expect(both.text).toBe('{"data":{"text":"default"}}');
    for (const bad of ['[]', '"x"', '{']) {
      const form = new URLSearchParams({ query: '{ text }', extensions: bad });
      expect((await fetch(`${running.url}?${form}`, { headers })).status, bad).toBe(400);
    }
    expect((await post(running.url, { query: '{ text }', extensions: [] }, headers)).status).toBe(400);
  });

  test(`the spellings of UTF-8 and of an uncompressed body are understood: the ${door} handler`, async () => {
    await using running = await serve();
    for (const charset of ['utf-8', 'utf8', '"utf-8"', 'UTF8']) {
      for (const coding of [undefined, { 'content-encoding': 'identity' }, { 'content-encoding': 'Identity' }]) {
        const headers = { accept: `${accept};charset=${charset}`, 'content-type': `application/json; charset=${charset}` };
        expect((await post(running.url, { query: '{ text }' }, { ...headers, ...coding })).text, charset).toContain('default');
      }
    }
    const latin = { accept, 'content-type': 'application/json; charset=latin1' };
    expect((await post(running.url, { query: '{ text }' }, latin)).status).toBe(415);
  });
}

test.each([true, false])("Apollo's link for persisted queries falls back on whole documents (by GET first: %s)", async (byGet) => {
  await using running = await serve();
  const asked: string[] = [];
  const http = new HttpLink({
    uri: running.url,
    fetch: (url, init) => {
      asked.push(init?.method ?? 'GET');
      return fetch(url, init);
    },
  });
  const persisted = new PersistedQueryLink({ sha256: () => 'x'.repeat(64), useGETForHashedQueries: byGet });
  const client = new ApolloClient({ cache: new InMemoryCache(), link: ApolloLink.from([persisted, http]) });
  for (const value of ['a', 'b']) {
    const { data } = await client.query({ query: gql`query ($v: String) { text(value: $v) }`, variables: { v: value } });
    expect(data).toEqual({ text: value });
  }
  // The first document was sent twice; afterwards nothing is hashed any more.
  expect(asked).toEqual([byGet ? 'GET' : 'POST', 'POST', 'POST']);
  client.stop();
});

test('over a socket parameters are read as by the HTTP handlers', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const socket = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  socket.send({ id: '1', type: 'subscribe', payload: { query: '{ text }', operationName: '', id: 'x', variables: null } });
  await socket.until(() => socket.of('1').length === 2);
  expect(socket.of('1')[0]).toMatchObject({ type: 'next', payload: { data: { text: 'default' } } });
  socket.send({ id: '2', type: 'subscribe', payload: { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } } });
  await socket.until(() => socket.of('2').length === 1);
  expect(socket.of('2')[0]).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }] });
  socket.socket.terminate();
});

test('weights of Accept choose the media type, and a weight of 0 refuses it', async () => {
  await using running = await serve();
  const RESPONSE = 'application/graphql-response+json';
  const cases: Record<string, [number, string]> = {
    [`application/json;q=0.5, ${RESPONSE}`]: [200, RESPONSE],
    [`${RESPONSE};q=0.1, application/json;q=0.9`]: [200, 'application/json'],
    'application/json;q=0, */*': [200, RESPONSE],
    [`application/*;q=0.2, ${RESPONSE};q=0`]: [200, 'application/json'],
    [`${RESPONSE}, application/json`]: [200, RESPONSE],
    '*/*;q=0.1, text/event-stream;q=0': [200, 'application/json'],
    'application/json;q=0': [406, 'application/json'],
    '*/*;q=0': [406, 'application/json'],
    'text/plain': [406, 'application/json'],
  };
  for (const [accept, [status, type]] of Object.entries(cases)) {
    for (const answer of [
      await post(running.url, { query: '{ text }' }, { accept }),
      await answerOf(await fetch(`${running.url}?query={text}`, { headers: { accept } })),
    ]) {
      expect([answer.status, answer.headers.get('content-type')], accept).toEqual([status, `${type}; charset=utf-8`]);
    }
  }
  const stream = { method: 'POST', body: JSON.stringify({ query: 'subscription { ticks(count: 1) }' }) };
  const refused = await fetch(running.url, {
    ...stream,
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream;q=0' },
  });
  expect(refused.status).toBe(406);
  const page = (accept: string) => fetch(`${running.url}?query={text}`, { headers: { accept } });
  expect((await page('text/html;q=0, application/json')).headers.get('content-type')).toMatch(/^application\/json/);
  expect((await page('application/json, text/html;q=0.1')).headers.get('content-type')).toMatch(/^application\/json/);
});

test('large answers, to POST or GET, are compressed as Accept-Encoding weighs it; small ones and events are not', async () => {
  await using running = await serve();
  const large = `query { ${Array.from({ length: 40 }, (_, at) => `a${at}: text(value: "${'x'.repeat(80)}")`).join(' ')} }`;
  const cases: Record<string, string | undefined> = {
    'gzip, br': 'content-encoding: gzip',
    'br;q=0.9, gzip;q=0.9': 'content-encoding: gzip',
    'br, gzip;q=0.9': 'content-encoding: br',
    br: 'content-encoding: br',
    'gzip;q=1, br;q=0.5': 'content-encoding: gzip',
    'br;q=0, gzip': 'content-encoding: gzip',
    'x-gzip': 'content-encoding: gzip',
    '*': 'content-encoding: gzip',
    '*;q=0.5, gzip;q=0': 'content-encoding: br',
    '*;q=0.5, br;q=0': 'content-encoding: gzip',
    'gzip;q=0, br;q=0.000': undefined,
    'gzip;q=0.5, identity': undefined,
    deflate: undefined,
    identity: undefined,
    '': undefined,
  };
  const body = JSON.stringify({ query: large });
  const requests = [
    `POST /graphql HTTP/1.1\r\n${JSON_TYPE}\r\nContent-Length: ${body.length}`,
    `GET /graphql?query=${encodeURIComponent(large)} HTTP/1.1`,
  ];
  const accepts = ['application/json', 'application/graphql-response+json'].flatMap((type) => [
    type,
    `${type}, text/event-stream`,
    `${type}, multipart/mixed`,
  ]);
  for (const accept of accepts) {
    for (const [coding, expected, request] of Object.entries(cases).flatMap((one) =>
      requests.map((request) => [...one, request] as const),
    )) {
      const socket = connect(Number(new URL(running.url).port), '127.0.0.1');
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      const posted = request.startsWith('POST') ? body : '';
      socket.write(`${request}\r\n${CLOSE}\r\nAccept: ${accept}\r\nAccept-Encoding: ${coding}\r\n\r\n${posted}`);
      await once(socket, 'close');
      const bytes = Buffer.concat(chunks);
      const at = bytes.indexOf('\r\n\r\n');
      const head = bytes.subarray(0, at).toString('latin1').toLowerCase();
      const sent = bytes.subarray(at + 4);
      expect(head.match(/content-encoding: \w+/)?.[0], coding).toBe(expected);
      expect(head).toContain(`content-length: ${sent.length}`);
      expect(head).toContain('vary: accept-encoding');
      const text = expected?.endsWith('br') ? brotliDecompressSync(sent) : expected ? gunzipSync(sent) : sent;
      expect(JSON.parse(text.toString('utf8')).data.a39).toBe('x'.repeat(80));
    }
    const small = await post(running.url, { query: '{ text }' }, { accept, 'accept-encoding': 'br' });
    expect(small.headers.get('content-encoding')).toBeNull();
    expect(small.headers.get('vary')).toBeNull();
  }
  const events = await fetch(running.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'accept-encoding': 'br' },
    body: JSON.stringify({ query: 'subscription { flood(bytes: 4000) }' }),
  });
  expect(events.headers.get('content-encoding')).toBeNull();
  await events.body?.cancel();
});

test('every path lists its allowed methods in 405 and to OPTIONS, which has no body and no length', async () => {
  await using running = await serve(
    {},
    { exporter: async (exchange) => exchange.send(200, 'text/csv', ''), webhooks: () => {}, renewal: () => {} },
  );
  const paths: Record<string, string> = {
    '/graphql': 'GET, HEAD, POST, OPTIONS',
    '/health': 'GET, HEAD, OPTIONS',
    '/ready': 'GET, HEAD, OPTIONS',
    '/metrics': 'GET, HEAD, OPTIONS',
    '/': 'GET, HEAD, OPTIONS',
    '/export/customers.csv': 'GET, HEAD, OPTIONS',
    '/webhooks/payments/stripe': 'POST, OPTIONS',
    '/r/token': 'GET, HEAD, POST, OPTIONS',
  };
  for (const [path, allow] of Object.entries(paths)) {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE']) {
      const text = await raw(running, `${method} ${path} HTTP/1.1\r\n${CLOSE}`);
      expect(text, `${method} ${path}`).toMatch(/^HTTP\/1\.1 405 /);
      expect(text.toLowerCase(), `${method} ${path}`).toContain(`allow: ${allow.toLowerCase()}\r\n`);
    }
    const options = await raw(running, `OPTIONS ${path} HTTP/1.1\r\n${CLOSE}`);
    expect(options, path).toMatch(/^HTTP\/1\.1 204 /);
    expect(options.toLowerCase(), path).toContain(`allow: ${allow.toLowerCase()}\r\n`);
    expect(options, path).not.toMatch(/^(content-length|content-type|transfer-encoding)/im);
    expect(options.endsWith('\r\n\r\n'), path).toBe(true);
  }
  expect(await raw(running, `OPTIONS * HTTP/1.1\r\n${CLOSE}`)).toMatch(/^HTTP\/1\.1 204 /);
  expect(await raw(running, `GET * HTTP/1.1\r\n${CLOSE}`)).toMatch(/^HTTP\/1\.1 400 /);
  expect((await fetch(running.url.replace('graphql', 'nothing'), { method: 'DELETE' })).status).toBe(404);
});

test('HEAD is answered like GET, without the body', async () => {
  await using running = await serve();
  for (const path of ['/graphql?query={text}', '/health', '/ready', '/', '/nothing', '/graphql']) {
    const [head, get] = await Promise.all(
      ['HEAD', 'GET'].map((method) => fetch(running.url.replace('/graphql', path), { method, redirect: 'manual' })),
    );
    expect(head?.status, path).toBe(get?.status);
    expect(head?.headers.get('content-length'), path).toBe(get?.headers.get('content-length'));
    expect(await head?.text(), path).toBe('');
  }
  const mutation = await fetch(`${running.url}?query=mutation{signOut}`, { method: 'HEAD' });
  expect([mutation.status, mutation.headers.get('allow')]).toEqual([405, 'POST']);
  const headers = { accept: 'text/event-stream, application/json' };
  expect((await fetch(`${running.url}?query=subscription{never}`, { method: 'HEAD', headers })).status).toBe(406);
  expect(running.world.openStreams).toBe(0);
});

test('an absolute target must name this server, and an empty segment makes another path', async () => {
  await using running = await serve({}, { corsOrigins: ['https://panel.example.test'] });
  const close = 'Connection: close';
  const host = 'Host: 127.0.0.1';
  const asked = '?query={text}';
  for (const authority of ['127.0.0.1', 'api.example.test:8080']) {
    const text = await raw(running, `GET http://${authority}/graphql${asked} HTTP/1.1\r\n${host}\r\n${close}`);
    expect(text).toContain('{"data":{"text":"default"}}');
  }
  expect(await raw(running, `GET HTTP://x/health HTTP/1.1\r\n${host}\r\n${close}`)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await raw(running, `GET http://x HTTP/1.1\r\n${host}\r\n${close}`)).toMatch(/^HTTP\/1\.1 302 /);
  for (const path of ['//graphql', '/graphql/', '//', '/./graphql', '//health']) {
    expect(await raw(running, `GET ${path}${asked} HTTP/1.1\r\n${host}\r\n${close}`), path).toMatch(/^HTTP\/1\.1 404 /);
  }
  // A page must come from the target's host, whatever the Host header says (RFC 9112, 3.2.2).
  const from = (target: string, origin: string) =>
    raw(running, `GET ${target}${asked} HTTP/1.1\r\nHost: evil.test\r\nOrigin: ${origin}\r\n${close}`);
  expect(await from('http://api.test/graphql', 'http://api.test')).toMatch(/^HTTP\/1\.1 200 /);
  expect(await from('http://api.test/graphql', 'http://evil.test')).toMatch(/^HTTP\/1\.1 403 /);
  const upgrade = await raw(
    running,
    `GET http://127.0.0.1/graphql HTTP/1.1\r\n${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  );
  expect(upgrade).toMatch(/^HTTP\/1\.1 (400|426) /);
});

test('an allowed origin, even an extension, may send the named headers, and no other page passes for it', async () => {
  const extension = 'chrome-extension://abcdefghijklmnop';
  await using running = await serve({}, { corsOrigins: [extension, 'electron://altair'] });
  for (const origin of [extension, 'electron://altair']) {
    const preflight = await fetch(running.url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'traceparent' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ');
    expect(allowed).toEqual([...ALLOWED_REQUEST_HEADERS]);
    for (const name of [
      'authorization',
      'content-type',
      'traceparent',
      'tracestate',
      'baggage',
      'sentry-trace',
      'apollo-require-preflight',
    ]) {
      expect(allowed, name).toContain(name);
    }
    expect((await post(running.url, { query: '{ text }' }, { origin })).headers.get('access-control-allow-origin')).toBe(origin);
  }
  // An origin with its own scheme may have any host name, even ours.
  const { host } = new URL(running.url);
  for (const origin of [`electron://${host}`, `chrome-extension://${host}`, 'electron://other', 'chrome-extension://abcdefghijklmnoq']) {
    expect((await post(running.url, { query: '{ text }' }, { origin })).status, origin).toBe(403);
  }
});

test('an event stream says complete only when its subscription is over', async () => {
  const running = await serve();
  running.world.signedIn('token');
  const open = (query: string, headers: Record<string, string> = {}) =>
    fetch(running.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query }),
    });
  expect(await (await open('subscription { ticks(count: 1) }')).text()).toContain('event: complete');
  const ended = await open('subscription { never }', bearer('token'));
  running.world.end('token');
  const text = await ended.text();
  expect(text).toMatch(/^data: .*"code":"UNAUTHENTICATED"/m);
  const drained = await open('subscription { never }');
  let received = '';
  const reading = (async () => {
    for await (const chunk of drained.body ?? []) received += Buffer.from(chunk).toString('utf8');
  })();
  const cut = expect(reading).rejects.toThrow();
  await running.server.close();
  await cut;
  expect(received).not.toContain('complete');
  expect(running.world.openStreams).toBe(0);
});

test.each(['br', 'gzip'] as const)('an export in %s sends each page before it reads the next', async (coding) => {
  const client = new EventEmitter();
  const page = (name: string) => [{ name }];
  const found = {
    name: 'table',
    columns: ['name'],
    form: { separator: ',', language: null, timeZone: null } as const,
    async read(write: (rows: readonly Readonly<Record<string, unknown>>[]) => Promise<void>) {
      const seen = once(client, 'first');
      await write(page('first'));
      await seen;
      await write(page('second'));
    },
  };
  await using running = await serve({}, { exporter: (exchange) => sendExport(exchange, found, DEFAULT_LIMITS) });
  const url = running.url.replace('graphql', 'export/customers.csv');
  const [response]: IncomingMessage[] = await once(get(url, { headers: { 'accept-encoding': coding } }), 'response');
  expect(response?.headers['content-encoding']).toBe(coding);
  let text = '';
  for await (const chunk of response?.pipe(coding === 'br' ? createBrotliDecompress() : createGunzip()) ?? []) {
    text += String(chunk);
    if (text.includes('first')) client.emit('first');
  }
  expect(text).toBe('\u{feff}name\r\nfirst\r\nsecond\r\n');
  const head = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': coding } });
  expect([head.status, head.headers.get('content-encoding'), await head.text()]).toEqual([200, coding, '']);
});
