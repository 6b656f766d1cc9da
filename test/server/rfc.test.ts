import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { getIntrospectionQuery, parse } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { createCostCheck } from '../../src/server/graphql/document-cost.ts';
import { DEFAULT_LIMITS } from '../../src/server/limits.ts';
import { overSocket, RawSocket } from './sockets.ts';
import { answerOf, bearer, DOORS, post, serve } from './world.ts';

/** The bytes of one answer as they were sent. */
async function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk;
  });
  socket.write(text);
  await once(socket, 'close');
  return received;
}

/** Unlike fetch, leaves Accept-Encoding and the body as they are. */
async function ask(
  url: string,
  query: string,
  headers: Record<string, string>,
): Promise<{ headers: Record<string, unknown>; body: Buffer }> {
  const asking = request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } });
  asking.end(JSON.stringify({ query }));
  const [response] = await once(asking, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { headers: response.headers, body: Buffer.concat(chunks) };
}

test('a stream whose session ends sends UNAUTHENTICATED before it completes', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const response = await fetch(running.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer('token') },
    body: JSON.stringify({ query: 'subscription { never }' }),
  });
  expect(response.headers.get('content-encoding')).toBeNull();
  running.world.end('token');
  const text = await response.text();
  expect(text).toMatch(
    /event: next\ndata: \{"errors":\[\{"message":"The session has ended\.","extensions":\{"code":"UNAUTHENTICATED"\}\}\]\}/,
  );
  expect(text).toContain('event: complete');
});

test('a drain breaks off a stream without completing it, so that its client reconnects', async () => {
  await using running = await serve();
  const response = await fetch(running.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { never }' }),
  });
  const reading = response.text().then(
    (text) => text,
    () => 'broken off',
  );
  await running.server.close();
  expect(await reading).toBe('broken off');
});

test('a persisted query is declined as Apollo’s link expects, by every handler', async () => {
  await using running = await serve();
  const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
  const declined = { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } };
  for (const accept of Object.values(DOORS)) {
    expect((await post(running.url, { operationName: 'Q', extensions }, { accept })).json.errors).toEqual([declined]);
    const got = await fetch(`${running.url}?extensions=${encodeURIComponent(JSON.stringify(extensions))}`, { headers: { accept } });
    expect((await answerOf(got)).json.errors).toEqual([declined]);
    expect((await post(running.url, { query: '{ text }', extensions }, { accept })).json.data).toEqual({ text: 'default' });
  }
  running.world.signedIn('token');
  const socket = await (await new RawSocket(running.wsUrl).open()).init(bearer('token'));
  socket.send({ id: 'a', type: 'subscribe', payload: { extensions } });
  await socket.until(() => socket.of('a').length > 0);
  expect(socket.of('a')).toEqual([{ id: 'a', type: 'error', payload: [declined] }]);
  socket.socket.close();
});

test('unknown members of a request are ignored, and an empty operation name counts as absent', async () => {
  await using running = await serve();
  const body = { query: '{ text }', operationName: '', id: 'x', doc_id: 7 };
  for (const accept of Object.values(DOORS)) expect((await post(running.url, body, { accept })).json.data).toEqual({ text: 'default' });
  const got = await fetch(`${running.url}?query=${encodeURIComponent('{ text }')}&operationName=&doc_id=7&extensions=`);
  expect((await answerOf(got)).json.data).toEqual({ text: 'default' });
  expect((await fetch(`${running.url}?query=${encodeURIComponent('{ text }')}&extensions=[`)).status).toBe(400);
  running.world.signedIn('token');
  const { results } = await overSocket(running.wsUrl, { query: '{ text }', operationName: '' }, bearer('token'));
  expect(results).toEqual([{ data: { text: 'default' } }]);
});

test('UTF-8 under its old name, and a body with the encoding identity, are accepted', async () => {
  await using running = await serve();
  const taken: readonly Record<string, string>[] = [
    { 'content-type': 'application/json; charset=utf8' },
    { 'content-type': 'application/json; charset="UTF-8"' },
    { 'content-encoding': 'identity' },
    { accept: 'application/json; charset=utf8' },
  ];
  for (const headers of taken) {
    expect((await post(running.url, { query: '{ text }' }, headers)).json.data).toEqual({ text: 'default' });
  }
});

test('the heaviest media type is answered, and none without a weight', async () => {
  await using running = await serve();
  const typeOf = async (accept: string) => (await post(running.url, { query: '{ text }' }, { accept })).headers.get('content-type');
  expect(await typeOf('application/json;q=0.5, application/graphql-response+json')).toMatch(/^application\/graphql-response\+json/);
  expect(await typeOf('application/graphql-response+json;q=0, application/json')).toMatch(/^application\/json/);
  expect(await typeOf('application/json, text/event-stream;q=0')).toMatch(/^application\/json/);
});

test('a long answer is compressed as Accept-Encoding weighs it, a short one is not', async () => {
  await using running = await serve();
  const long = '{ many(count: 100) { name balance } }';
  running.world.signedIn('token');
  const plain = (await ask(running.url, long, bearer('token'))).body;
  expect(plain.length).toBeGreaterThan(DEFAULT_LIMITS.compressFromBytes);
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['gzip, deflate, br', 'gzip'],
    ['gzip;q=0.1, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0.1, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['*', 'gzip'],
    ['*, gzip;q=0', 'br'],
    ['*;q=0', undefined],
    ['identity;q=1, gzip;q=0.5', undefined],
    ['deflate', undefined],
  ];
  for (const [accepted, encoding] of cases) {
    const { headers, body } = await ask(running.url, long, { ...bearer('token'), 'accept-encoding': accepted });
    expect(headers['content-encoding'], accepted).toBe(encoding);
    expect(headers.vary, accepted).toBe('accept-encoding');
    expect(Number(headers['content-length'])).toBe(body.length);
    const opened = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body;
    expect(opened.equals(plain), accepted).toBe(true);
    if (encoding !== undefined) expect(body.length).toBeLessThan(plain.length / 4);
  }
  const short = await ask(running.url, '{ text }', { 'accept-encoding': 'gzip, br' });
  expect(short.headers).not.toHaveProperty('content-encoding');
  expect(short.headers).not.toHaveProperty('vary');
});

test('a refused method gets the allowed methods, and a 204 has no length', async () => {
  await using running = await serve();
  const origin = new URL(running.url).origin;
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const response = await fetch(running.url, { method });
    expect([response.status, response.headers.get('allow')], method).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
  }
  for (const path of ['/health', '/ready', '/metrics']) {
    for (const method of ['POST', 'DELETE']) {
      const response = await fetch(origin + path, { method });
      expect([response.status, response.headers.get('allow')], `${method} ${path}`).toEqual([405, 'GET, HEAD, OPTIONS']);
    }
    const head = await fetch(origin + path, { method: 'HEAD' });
    expect([head.status, await head.text()], path).toEqual([200, '']);
  }
  const options = await raw(running.url, 'OPTIONS /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(options).toMatch(/^HTTP\/1\.1 204 /);
  expect(options).not.toMatch(/^content-/im);
});

test('HEAD is answered like GET without the body, and absolute targets must name this server', async () => {
  await using running = await serve();
  const query = encodeURIComponent('{ text }');
  const head = await raw(running.url, `HEAD /graphql?query=${query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  expect(head).toMatch(/content-length: 27/);
  expect(head).toMatch(/\r\n\r\n$/);
  const mutation = encodeURIComponent('mutation { signIn }');
  expect(await raw(running.url, `HEAD /graphql?query=${mutation} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 405 /,
  );
  const absolute = await raw(running.url, `GET http://x/graphql?query=${query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(absolute).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"data":\{"text":"default"\}\}$/);
  const double = await raw(running.url, `GET //graphql?query=${query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(double).toMatch(/^HTTP\/1\.1 404 /);
});

test('an extension or a desktop application can be allowed, and tracers may add their headers', async () => {
  const origin = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';
  await using running = await serve({}, { corsOrigins: [origin, 'electron://revenda'] });
  const preflight = await fetch(running.url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
  expect(preflight.headers.get('access-control-allow-headers')?.split(', ')).toEqual(
    expect.arrayContaining(['authorization', 'traceparent', 'tracestate', 'baggage', 'sentry-trace', 'apollographql-client-name']),
  );
  expect((await post(running.url, { query: '{ text }' }, { origin: 'electron://revenda' })).status).toBe(200);
  const { host } = new URL(running.url);
  // Named like this server, but another one.
  expect((await post(running.url, { query: '{ text }' }, { origin: `electron://${host}` })).status).toBe(403);
});

test('the cost of a document is bounded: fields, overlaps and introspection', () => {
  const check = createCostCheck(schema, DEFAULT_LIMITS);
  const many = (count: number, one: (at: number) => string) => Array.from({ length: count }, (_, at) => one(at)).join(' ');
  const full = getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true, specifiedByUrl: true });
  expect(check(parse(full))).toBeNull();
  expect(check(parse(`{ ${many(3, () => 'reseller(id: "x") { id name }')} }`))).toBeNull();
  const refused: Readonly<Record<string, string>> = {
    'forty schemas': `{ ${many(40, (at) => `a${at}: __schema { types { name description fields { name description args { name } } } }`)} }`,
    'types inside of one field': `{ __schema { types { ${many(40, (at) => `t${at}: fields { name args { name type { name } } }`)} } } }`,
    'possible types of all types': `{ ${many(8, (at) => `a${at}: __schema { types { possibleTypes { name description fields { name } } } }`)} }`,
    'overlapping fields': `{ ${many(330, () => 'reseller(id: "x") { id }')} }`,
    'overlaps below other overlaps': `{ ${many(40, () => 'viewer { user { id } user { id } }')} }`,
    'fragments that double through fields': `{ ...F0 } ${many(12, (at) => `fragment F${at} on Query { a: viewer { ...F${at + 1} } b: viewer { ...F${at + 1} } }`)} fragment F12 on Query { __typename }`,
    'a fragment that goes round through a field': '{ ...F } fragment F on Query { a: viewer { ...F } b: viewer { ...F } }',
  };
  for (const [name, query] of Object.entries(refused)) expect(check(parse(query)), name).not.toBeNull();
});

test('a condition at the root of a subscription fails validation, even if its variable is missing', async () => {
  await using running = await serve();
  for (const query of [
    'subscription ($v: Boolean!) { never @skip(if: $v) }',
    'subscription { never @skip(if: $missing) }',
    'subscription { never @include(if: true) }',
  ]) {
    const { json } = await post(running.url, { query }, { accept: 'text/event-stream, application/json' });
    const told = json.errors ?? JSON.parse((await post(running.url, { query })).text).errors;
    expect(told[0].extensions.code, query).toBe('GRAPHQL_VALIDATION_FAILED');
  }
});
