import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { effortOf } from '../support/effort.ts';
import { PATIENCE_MS, until } from '../support/until.ts';
import { overSocket } from './sockets.ts';
import { answerOf, bearer, DOORS, post, serve } from './world.ts';

const many = (count: number, item: (index: number) => string) => Array.from({ length: count }, (_item, index) => item(index)).join(' ');
const deep = (levels: number) => `{ me ${'{ parent '.repeat(levels)}{ name }${'}'.repeat(levels)} }`;

const hostile: Record<string, { body: unknown; code: string; status?: number }> = {
  'a document of 10,000 tokens': { body: { query: `{ ${many(10_000, () => 'text')} }` }, code: 'LIMIT_EXCEEDED' },
  '2,000 aliases': { body: { query: `{ ${many(600, (at) => `a${at}: __typename`)} }` }, code: 'LIMIT_EXCEEDED' },
  'a depth of 60': { body: { query: deep(60) }, code: 'LIMIT_EXCEEDED' },
  'a depth of 60 in fragments': {
    body: {
      query: `{ me { ...F0 } } ${many(60, (at) => `fragment F${at} on Panel { parent { ...F${at + 1} } }`)} fragment F60 on Panel { name }`,
    },
    code: 'LIMIT_EXCEEDED',
  },
  'fragments that multiply': {
    body: {
      query: `{ me { ...F0 } } ${many(12, (at) => `fragment F${at} on Panel { a: parent { ...F${at + 1} } b: parent { ...F${at + 1} } }`)} fragment F12 on Panel { name }`,
    },
    code: 'LIMIT_EXCEEDED',
  },
  'fragments in a circle': {
    body: { query: '{ me { ...F } } fragment F on Panel { parent { ...F } }' },
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  '100 directives': { body: { query: `{ text ${many(100, () => '@skip(if: false)')} }` }, code: 'LIMIT_EXCEEDED' },
  'nested introspection': {
    body: { query: `{ __schema { types ${'{ fields { type '.repeat(10)}{ name }${'} }'.repeat(10)} } }` },
    code: 'LIMIT_EXCEEDED',
  },
  'a document of 200 kB in variables': {
    body: { query: 'query ($v: String) { text(value: $v) }', variables: { v: 'x'.repeat(200_000) } },
    code: 'LIMIT_EXCEEDED',
    status: 413,
  },
  'a document of 150 kB beside a batch': {
    body: { query: `mutation ($i: [TransferInput!]!) { transferCreditsBatch(input: $i) } # ${'x'.repeat(150_000)}`, variables: { i: [] } },
    code: 'LIMIT_EXCEEDED',
  },
  'a body of 1 MB': { body: { query: '{ text }', variables: { v: 'x'.repeat(1_000_000) } }, code: 'LIMIT_EXCEEDED', status: 413 },
  'nested lists of 50,000 levels': {
    body: `{"query":"{ text }","variables":{"v":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`,
    code: 'none',
  },
};

for (const [door, accept] of Object.entries(DOORS)) {
  test(`a request over a limit is refused with a code, and the server serves on: the ${door} handler`, async () => {
    await using running = await serve();
    running.world.signedIn('token');
    for (const [name, { body, code, status = 200 }] of Object.entries(hostile)) {
      const answer = await post(running.url, body, { ...bearer('token'), accept });
      expect(answer.status, name).toBe(status);
      expect(answer.json.errors?.[0]?.extensions.code ?? 'none', name).toBe(code);
      expect((await post(running.url, { query: '{ text }' }, { accept })).text).toBe('{"data":{"text":"default"}}');
    }
  });

  test(`a batch of 1,000 transfers has a limit of its own, for signed-in callers: the ${door} handler`, async () => {
    await using running = await serve();
    running.world.signedIn('token');
    const input = Array.from({ length: 1000 }, () => ({ to: 'x'.repeat(300), amount: 1 }));
    const query = 'mutation ($input: [TransferInput!]!) { transferCreditsBatch(input: $input) }';
    const body = { query, variables: { input } };
    expect((await post(running.url, body, { ...bearer('token'), accept })).text).toBe('{"data":{"transferCreditsBatch":1000}}');
    expect((await post(running.url, body, { accept })).status).toBe(413);
    const withMore = { ...body, query: 'mutation ($input: [TransferInput!]!) { transferCreditsBatch(input: $input) signOut }' };
    expect((await post(running.url, withMore, { ...bearer('token'), accept })).status).toBe(413);
  });
}

test('the same limits apply over a socket', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  for (const [name, { body, code, status }] of Object.entries(hostile)) {
    if (typeof body !== 'object' || body === null || !('query' in body) || status === 413) continue;
    const payload = { query: String(body.query), ...('variables' in body && { variables: Object(body.variables) }) };
    const { error } = await overSocket(running.wsUrl, payload, bearer('token'));
    expect(error, name).toMatchObject([{ extensions: { code } }]);
  }
});

test('a document at the limit of tokens costs no more than reading 100 MB of JSON', async () => {
  await using running = await serve({ documentTokens: 2_000 });
  for (const query of [
    `{ ${many(1_990, () => 'text')} }`,
    `{ ${many(450, () => 'me { name }')} }`,
    `{ ${many(390, (at) => `...F${at % 3}`)} } ${many(3, (at) => `fragment F${at} on Query { ${many(230, () => 'text')} }`)}`,
  ]) {
    const effort = await effortOf(async () => expect((await post(running.url, { query })).status).toBe(200));
    expect(effort).toBeLessThan(100);
  }
});

test('cookies sign in and out, and a bearer token wins over them', async () => {
  await using running = await serve();
  running.world.signedIn('bearer');
  for (const accept of Object.values(DOORS)) {
    const signedIn = await post(running.url, { query: 'mutation { signIn }' }, { accept });
    // Signing in or out also leaves a support session.
    const noSupport = 'revenda_support=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax';
    const session = 'revenda_session=fresh; Expires=Tue, 01 Jan 2030 00:00:00 GMT; Path=/; HttpOnly; SameSite=Lax';
    expect(signedIn.headers.getSetCookie()).toEqual([session, noSupport]);
    const credentials = { cookie: 'a=b; revenda_session=fresh; c=d', accept };
    expect((await post(running.url, { query: '{ me { name } }' }, credentials)).text).toContain('user-fresh');
    expect((await post(running.url, { query: '{ me { name } }' }, { ...credentials, ...bearer('bearer') })).text).toContain('user-bearer');
    const signedOut = await post(running.url, { query: 'mutation { signOut }' }, credentials);
    expect(signedOut.headers.getSetCookie()).toEqual(['revenda_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax', noSupport]);
  }
  await using secure = await serve({}, { cookieSecure: true });
  expect((await post(secure.url, { query: 'mutation { signIn }' })).headers.get('set-cookie')).toMatch(/; Secure$/);
});

test('an unknown token counts as signed out, and may still sign in', async () => {
  await using running = await serve();
  for (const headers of [bearer('nobody'), { authorization: 'Basic abc' }, { cookie: 'revenda_session=nobody' }]) {
    const refused = await post(running.url, { query: '{ secret }' }, headers);
    expect(refused.status).toBe(200);
    expect(refused.json.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await post(running.url, { query: 'mutation { signIn(cookie: false) }' }, headers)).text).toContain('fresh');
  }
});

test('other origins are refused unless they are configured, exactly', async () => {
  const allowed = 'https://panel.example.test';
  await using running = await serve({}, { corsOrigins: [allowed] });
  const own = running.url.replace('/graphql', '');
  const asked = { query: '{ text }' };
  for (const origin of [
    'https://evil.example.test',
    'http://panel.example.test',
    'https://panel.example.test.evil',
    'null',
    'https://127.0.0.1',
  ]) {
    const answer = await post(running.url, asked, { origin });
    expect(answer.status, origin).toBe(403);
    expect(answer.json.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await fetch(running.url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    expect(preflight.status).toBe(403);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect((await post(running.url, asked, { origin: own })).headers.get('access-control-allow-origin')).toBeNull();
  const answer = await post(running.url, asked, { origin: allowed });
  expect(answer.text).toContain('default');
  expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
  expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
  expect(answer.headers.get('vary')).toBe('origin');
  const preflight = await fetch(running.url, { method: 'OPTIONS', headers: { origin: allowed, 'access-control-request-method': 'POST' } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
});

test('a request that another site can send with the cookie, without a preflight, does nothing', async () => {
  await using running = await serve();
  running.world.signedIn('token');
  const cookie = { cookie: 'revenda_session=token' };
  const query = 'mutation { transfer(input: { to: "x", amount: 1 }) { __typename } }';
  const form = new URLSearchParams({ query }).toString();
  const formType = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await post(running.url, form, { ...cookie, ...formType })).status).toBe(403);
  expect((await post(running.url, JSON.stringify({ query }), { ...cookie, 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post(running.url, { query }, { ...cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const got = await answerOf(await fetch(`${running.url}?${form}`, { headers: cookie }));
  expect(got.status).toBe(405);
  expect(got.headers.get('allow')).toBe('POST');
  expect(running.world.executed).toEqual([]);
  expect((await post(running.url, form, { ...cookie, ...formType, 'x-requested-with': 'form' })).text).toContain('Panel');
  expect((await post(running.url, form, { ...bearer('token'), ...formType })).text).toContain('Panel');
});

test('queries may come by GET, other operations not at all', async () => {
  await using running = await serve();
  const query = encodeURIComponent('query ($v: String) { text(value: $v) }');
  const got = await answerOf(await fetch(`${running.url}?query=${query}&variables=${encodeURIComponent('{"v":"x"}')}`));
  expect(got.text).toBe('{"data":{"text":"x"}}');
  expect((await fetch(`${running.url}?query=${query}&variables={`)).status).toBe(400);
  expect((await fetch(running.url)).status).toBe(400);
  for (const method of ['PUT', 'DELETE', 'PATCH']) expect((await fetch(running.url, { method })).status, method).toBe(405);
  expect((await fetch(running.url.replace('graphql', 'nothing'))).status).toBe(404);
});

test('a subscription is sent as an event stream, and ends with its client, its session or a drain', async () => {
  await using running = await serve({ socketsPerAddress: 2 });
  running.world.signedIn('token');
  const open = (query: string, headers: Record<string, string> = {}) =>
    fetch(running.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query }),
    });
  const data = (text: string) => [...text.matchAll(/^data: (.+)$/gm)].map(([, json]) => JSON.parse(json ?? ''));
  expect(data(await (await open('subscription { ticks(count: 2) }')).text())).toEqual([{ data: { ticks: 1 } }, { data: { ticks: 2 } }]);
  expect(data(await (await open('subscription { fails(after: 1) }')).text())).toMatchObject([
    { data: { fails: 1 } },
    { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
  ]);
  expect(data(await (await open('subscription { private }')).text())).toMatchObject([
    { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
  ]);

  const gone = await open('subscription { never }');
  await gone.body?.cancel();
  await once(running.world.events, 'stream ended');
  const ended = await open('subscription { never }', bearer('token'));
  running.world.end('token');
  await ended.text();
  const drained = [await open('subscription { never }'), await open('subscription { never }')];
  expect(data(await (await open('subscription { never }')).text())).toMatchObject([
    { errors: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] },
  ]);
  await running.server.close();
  for (const response of drained) await expect(response.text()).rejects.toThrow();
  expect(running.world.openStreams).toBe(0);
});

test('every answer names its request and forbids sniffing, framing and caching', async () => {
  await using running = await serve();
  const { headers } = await post(running.url, { query: '{ text }' }, { 'x-request-id': 'client-7' });
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-request-id': 'client-7',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  });
  const minted = await post(running.url, { query: '{ text }' }, { 'x-request-id': 'no "good" id' });
  expect(minted.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  const next = await post(running.url, { query: '{ text }' });
  expect(next.headers.get('x-request-id')).not.toBe(minted.headers.get('x-request-id'));
});

test('GraphiQL is one page that loads nothing, and may only connect to its own server', async () => {
  await using running = await serve();
  for (const encoding of ['gzip', 'identity']) {
    const response = await fetch(running.url, { headers: { accept: 'text/html,application/xhtml+xml', 'accept-encoding': encoding } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:/);
    const html = await response.text();
    expect(html).toContain('"subscriptionsProtocol":"WS"');
    // The page's own tags are outside the inlined script and style.
    const tags = html.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<script>[\s\S]*<\/script>/, '');
    expect(tags).toContain('<div id="root">');
    expect(tags).not.toMatch(/(?:src|href)="(?!data:)/);
  }
  expect((await fetch(running.url.replace('/graphql', '/'), { redirect: 'manual' })).headers.get('location')).toBe('/graphql');
});

test('/health says that the process is up, /ready whether it wants requests, /metrics returns its counts', async () => {
  let database: 'up' | 'down' | 'silent' = 'up';
  await using running = await serve(
    {},
    {
      health: {
        async ready() {
          if (database === 'down') throw new Error('no database');
          return database === 'silent' ? new Promise<boolean>(() => {}) : true;
        },
      },
    },
  );
  const base = running.url.replace('/graphql', '');
  expect((await fetch(`${base}/health`)).status).toBe(200);
  expect((await fetch(`${base}/ready`)).status).toBe(200);
  for (database of ['down', 'silent'] as const) {
    expect((await fetch(`${base}/ready`)).status).toBe(503);
    expect((await fetch(`${base}/health`)).status).toBe(200);
  }
  await post(running.url, { query: '{ fails(how: "refusal") { name } }' });
  const metrics = await (await fetch(`${base}/metrics`)).text();
  expect(metrics).toContain('revenda_refusals_total{code="FORBIDDEN"} 1');
  expect(metrics).toContain('revenda_http_requests_total{door="json"} 1');
  expect(metrics).toContain('revenda_sockets 0');
  for (const name of ['posting_seconds', 'posting_batch_movements', 'deliveries_total', 'catch_ups_total', 'pool_connections']) {
    expect(metrics).toContain(`revenda_${name}`);
  }
});

test('with too many unanswered requests, or a late event loop, requests are refused before they are read', async () => {
  await using crowded = await serve({ unansweredRequests: 1 });
  const first = post(crowded.url, { query: 'mutation { held }' });
  await once(crowded.world.events, 'held');
  const refused = await post(crowded.url, { query: '{ text }' });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.json.errors?.[0]?.extensions).toEqual({ code: 'OVERLOADED', retryAfterSeconds: 1 });
  expect((await fetch(crowded.url.replace('graphql', 'health'))).status).toBe(200);
  crowded.world.letGo();
  await first;
  expect((await post(crowded.url, { query: '{ text }' })).status).toBe(200);

  await using late = await serve({ eventLoopDelayMs: 0 });
  let status = 200;
  while (status === 200) status = (await post(late.url, { query: '{ text }' })).status;
  expect(status).toBe(503);
});

test('refusing before the parser can be switched off by a setting, with the same answers', async () => {
  const seenBy = async (refuseUnparsed: boolean) => {
    await using crowded = await serve({ unansweredRequests: 1, refuseUnparsed });
    let parsed = 0;
    crowded.server.server.on('request', () => {
      parsed += 1;
    });
    const first = post(crowded.url, { query: 'mutation { held }' });
    await once(crowded.world.events, 'held');
    const body = JSON.stringify({ query: '{ text }' });
    const request = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const socket = connect(Number(new URL(crowded.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    const answers = () => [...text.matchAll(/HTTP\/1\.1 503 /g)].length;
    socket.write(request);
    await until(() => answers() === 1);
    socket.write(request.repeat(5));
    await until(() => answers() === 6);
    socket.destroy();
    crowded.world.letGo();
    await first;
    return parsed;
  };
  // The first request shows where the parser is, and what follows it is not parsed.
  expect(await seenBy(true)).toBe(3);
  expect(await seenBy(false)).toBe(7);
});

test('incomplete bodies are bounded, in total and in time', async () => {
  await using running = await serve({ pendingBodyBytes: 50_000, headersTimeoutMs: 200, requestTimeoutMs: 200 });
  const { port } = new URL(running.url);
  const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n';
  // The time of this request may be over as well.
  const small = () =>
    post(running.url, { query: '{ text }', variables: { v: 'x'.repeat(20_000) } }).then(
      ({ status }) => status,
      () => 0,
    );
  const closed: Promise<unknown>[] = [];
  const statuses: number[] = [];
  // On a slow machine a body's time may be over before the next request arrives. Then another one is begun.
  while (!statuses.includes(503)) {
    const slow = connect(Number(port), '127.0.0.1');
    slow.write(head + 'x'.repeat(40_000));
    slow.on('error', () => {});
    slow.resume();
    closed.push(once(slow, 'close'));
    statuses.push(await small());
  }
  await Promise.all(closed);
  await until(async () => (await small()) === 200);
});

test('a drain answers accepted requests, and accepts no more', async () => {
  const running = await serve({ drainMs: PATIENCE_MS });
  const accepted = post(running.url, { query: 'mutation { held }' });
  await once(running.world.events, 'held');
  const closed = running.server.close();
  await expect(fetch(running.url)).rejects.toThrow();
  running.world.letGo();
  expect((await accepted).text).toBe('{"data":{"held":1}}');
  await closed;
});

test('a drain cuts off what does not end in time', async () => {
  const running = await serve({ drainMs: 50 });
  const cut = post(running.url, { query: 'mutation { held }' });
  const rejected = expect(cut).rejects.toThrow();
  await once(running.world.events, 'held');
  await running.server.close();
  await rejected;
  running.world.letGo();
});

test("the address behind trusted proxies is the one they saw, and a client's own header is ignored", async () => {
  await using running = await serve({ socketsPerAddress: 1 }, { trustProxyHops: 1 });
  const open = (forwarded: string) =>
    fetch(running.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-forwarded-for': forwarded },
      body: JSON.stringify({ query: 'subscription { never }' }),
    });
  const first = await open('10.0.0.1');
  const second = await open('10.0.0.2');
  const spoofed = await open('10.9.9.9, 10.0.0.1');
  expect(await spoofed.text()).toContain('LIMIT_EXCEEDED');
  await Promise.all([first.body?.cancel(), second.body?.cancel()]);
});
