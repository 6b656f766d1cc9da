import { createHmac } from 'node:crypto';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, type Door, overSocket, PASSWORD } from '../support/clients/api.ts';
import { effortOf } from '../support/effort.ts';
import { setProvider } from '../support/worlds/buying.ts';
import { type Demo, plantPanel } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { LedgerReader } from './ledger-reader.ts';

let api: Api;
let demo: Demo;
let ledger: LedgerReader;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  ledger = LedgerReader.open(api.databaseUrl);
});

afterAll(async () => {
  await ledger[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

function many(count: number, make: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => make(at)).join(' ');
}

/** How often each code occurs in an answer. */
function counts(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [, code = ''] of text.matchAll(/"code":"([A-Z_]+)"/g)) found[code] = (found[code] ?? 0) + 1;
  return found;
}

async function expectServing(): Promise<void> {
  expect((await api.client.ask(demo.ana.token, '{ viewer { role } }')).text).toBe('{"data":{"viewer":{"role":"OWNER"}}}');
}

describe('guessing', () => {
  test('passwords by fifty aliases a document, through both handlers at once, is ten guesses in all', async () => {
    const guess = (at: number) =>
      `g${at}: signIn(input: { email: "caio@demo.test", password: "guess number ${at}" }) { ... on Error { code } }`;
    const documents = [0, 1, 2, 3].map((block) => `mutation { ${many(50, (at) => guess(50 * block + at))} }`);
    const answers = await Promise.all(
      documents.map((document, at) => api.client.ask(null, document, {}, (['json', 'yoga'] satisfies Door[])[at % 2])),
    );
    // On a slow machine, two that need one row may be refused as OVERLOADED.
    const {
      INVALID_CREDENTIALS: bad = 0,
      RATE_LIMITED: limited = 0,
      OVERLOADED: late = 0,
    } = counts(answers.map(({ text }) => text).join());
    expect(bad).toBeLessThanOrEqual(10);
    expect(bad + limited + late).toBe(200);
    // Even the right password is refused now, however it is sent.
    const right = `{ email: "caio@demo.test", password: "${PASSWORD}" }`;
    const { text } = await api.client.ask(null, `mutation { signIn(input: ${right}) { ... on Error { code } } }`);
    expect(counts(text)).toEqual({ RATE_LIMITED: 1 });
    // A socket needs a session, and gives no free sign-ins.
    const socket = api.client.socket(null);
    const answer = await overSocket(socket, documents[0] ?? '');
    expect(answer.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    await socket.dispose();
    const signedIn = api.client.socket(demo.ana.token);
    expect(counts((await overSocket(signedIn, documents[0] ?? '')).text)).toEqual({ RATE_LIMITED: 50 });
    await signedIn.dispose();
  });

  test('one-time codes by fifty aliases a document, through every handler and field that takes one, is ten guesses in all', async () => {
    const email = 'codes@demo.test';
    const { token } = await plantPanel(api.client, demo.root, email, 10);
    const { secret = '' } = await api.client.mutate(token, 'startTotp', { password: PASSWORD });
    const epoch = Math.floor(Date.now() / 1000);
    expect(await api.client.mutate(token, 'confirmTotp', { otp: generateSync({ secret, epoch }) })).toMatchObject({
      user: { totpEnabled: true },
    });
    // The current code is used up, and the next ones are not among these.
    const next = [0, 30, 60, 90].map((seconds) => generateSync({ secret, epoch: epoch + seconds }));
    const guessed = Array.from({ length: 250 }, (_, at) => String(100_000 + 3_001 * at)).filter((code) => !next.includes(code));
    const code = (at: number) => guessed[at] ?? '000000';
    const signIn = (at: number) =>
      `g${at}: signIn(input: { email: "${email}", password: "${PASSWORD}", otp: "${code(at)}" }) { ... on Error { code } }`;
    const disable = (at: number) => `g${at}: disableTotp(input: { password: "${PASSWORD}", otp: "${code(at)}" }) { ... on Error { code } }`;
    const renew = (at: number) =>
      `g${at}: regenerateRecoveryCodes(input: { password: "${PASSWORD}", otp: "${code(at)}" }) { ... on Error { code } }`;
    const documentOf = (guess: (at: number) => string, block: number) => `mutation { ${many(50, (at) => guess(50 * block + at))} }`;
    const socket = api.client.socket(token);
    const answers = await Promise.all([
      api.client.ask(null, documentOf(signIn, 0), {}, 'json'),
      api.client.ask(null, documentOf(signIn, 1), {}, 'yoga'),
      api.client.ask(token, documentOf(disable, 2), {}, 'json'),
      api.client.ask(token, documentOf(renew, 3), {}, 'yoga'),
      overSocket(socket, documentOf(disable, 4)),
    ]);
    await socket.dispose();
    // On a slow machine, two that need one row may be refused as OVERLOADED.
    const {
      INVALID_CREDENTIALS: bad = 0,
      RATE_LIMITED: limited = 0,
      OVERLOADED: late = 0,
    } = counts(answers.map(({ text }) => text).join());
    expect(bad).toBeLessThanOrEqual(10);
    expect(bad + limited + late).toBe(250);
    // The right code is refused now, too.
    expect(await api.client.mutate(null, 'signIn', { email, password: PASSWORD, otp: next[1] })).toMatchObject({
      code: 'RATE_LIMITED',
    });
  });

  test('tokens and keys finds nobody, and every wrong one gets the same answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, at) => {
        const guess = Buffer.alloc(32, `guess ${at}`).toString('base64url');
        return api.client.ask(at % 2 === 0 ? guess : `rvk_${at.toString(16).padStart(12, '0')}_${guess}`, '{ viewer { role } }');
      }),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(counts(answers[0]?.text ?? '')).toEqual({ UNAUTHENTICATED: 1 });
  });
});

describe('documents', () => {
  /** Answered, because they cost next to nothing. */
  const HARMLESS = ['fragments that double', 'a long string', 'every character'];
  const HOSTILE: Readonly<Record<string, string>> = {
    'a fragment in itself': 'query { ...A } fragment A on Query { ...A }',
    'fragments in a circle': `query { ...F0 } ${many(40, (at) => `fragment F${at} on Query { ...F${(at + 1) % 40} }`)}`,
    'fragments that double': `query { ...F0 } ${many(25, (at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)} fragment F25 on Query { __typename }`,
    'a deep document': `{ viewer { reseller ${'{ parent '.repeat(60)} { id } ${'}'.repeat(60)} } }`,
    'nothing but braces': '{'.repeat(5_000),
    'wide aliases': `{ ${many(2_000, (at) => `a${at}: __typename`)} }`,
    'a wide schema': `{ ${many(60, (at) => `a${at}: __schema { types { name } }`)} }`,
    'one large type of the schema, many times': `{ ${many(45, (at) => `a${at}: __schema { mutationType { fields { description type { description ofType { description possibleTypes { description } } } } } }`)} }`,
    'a deep schema': `{ __schema { types { ${'fields { type { '.repeat(12)} name ${'} }'.repeat(12)} } } }`,
    directives: `{ viewer { role ${'@include(if: true) '.repeat(500)} } }`,
    'unknown directives': `{ viewer { role ${many(400, (at) => `@d${at}`)} } }`,
    'many variables': `query (${many(600, (at) => `$v${at}: Int`)}) { __typename }`,
    'many operations': many(300, (at) => `query Q${at} { __typename }`),
    'lists in lists': `{ node(id: ${'['.repeat(900)}"x"${']'.repeat(900)}) { id } }`,
    'a long name': `{ ${'a'.repeat(90_000)} }`,
    'a long string': `{ node(id: "${'x'.repeat(90_000)}") { id } }`,
    'overlapping fields': `{ ${many(300, () => 'viewer { role user { id email } }')} }`,
    'pages of pages': `{ viewer { reseller { ${'children(first: 100) { edges { node { '.repeat(3)} id ${'} } }'.repeat(3)} } } }`,
    'the same list fifty times': `{ viewer { reseller { ${many(50, (at) => `c${at}: descendants(first: 100) { edges { node { branch { resellers } } } }`)} } } }`,
    'a subscription to nothing': 'subscription { balanceChanged @skip(if: true) { version } }',
    'a subscription to nothing behind a fragment':
      'subscription { ...F } fragment F on Subscription { ... on Subscription @include(if: false) { balanceChanged { version } } }',
    'every character': `{ viewer { role } } # ${String.fromCharCode(...Array.from({ length: 600 }, (_, at) => at))}`,
  };

  test.each(['json', 'yoga', 'socket'] as const)('that were written to exhaust the server are refused for little CPU: %s', async (door) => {
    for (const [name, query] of Object.entries(HOSTILE)) {
      const socket = door === 'socket' ? api.client.socket(demo.ana.token) : null;
      const ask = () => (socket ? overSocket(socket, query) : api.client.ask(demo.ana.token, query, {}, door === 'yoga' ? 'yoga' : 'json'));
      let answer: Awaited<ReturnType<typeof ask>> | undefined;
      const effort = await effortOf(async () => {
        answer = await ask();
      });
      expect(effort, name).toBeLessThan(100);
      const { errors = [], status = 0, text = '' } = answer ?? {};
      await socket?.dispose();
      expect(status, name).toBeLessThan(500);
      expect(text, name).not.toContain('INTERNAL_SERVER_ERROR');
      if (!HARMLESS.includes(name)) expect(errors.length, `${name}: ${text.slice(0, 200)}`).toBeGreaterThan(0);
    }
    await expectServing();
  });

  test('whose JSON repeats names or has the wrong shape are read alike by both handlers', async () => {
    const bodies = [
      '{"query":"{ nothing }","query":"{ viewer { role } }"}',
      '{"query":"{ viewer { role } }","__proto__":{"query":"{ nothing }"}}',
      '{"query":"query ($a: ID!) { node(id: $a) { id } }","variables":{"a":"x","a":"y"}}',
      '{"query":"query ($a: ID!) { node(id: $a) { id } }","variables":{"__proto__":{"a":"x"}}}',
      '{"query":"query ($toString: ID!) { node(id: $toString) { id } }","variables":{}}',
      '{"query":"query A { viewer { role } } query B { nothing }","operationName":"__proto__"}',
      '[{"query":"{ viewer { role } }"}]',
      '{"query":"{ viewer { role } }","variables":[]}',
      '{"query":["{ viewer { role } }"]}',
      '{"id":"x","extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}',
      '"{ viewer { role } }"',
      'null',
      '',
      '\ufeff{"query":"{ viewer { role } }"}',
    ];
    for (const body of bodies) {
      const [json, yoga] = [await api.client.send(demo.ana.token, body), await api.client.send(demo.ana.token, body, 'yoga')];
      expect([yoga.status, yoga.text], body).toEqual([json.status, json.text]);
      expect(json.status, body).toBeLessThan(500);
    }
  });
});

describe('a browser that another site controls', () => {
  test('changes and sees nothing with its cookie, whatever kind of request it may send unasked', async () => {
    const signIn = `mutation { signIn(input: { email: "${demo.ana.email}", password: "${PASSWORD}", transport: COOKIE }) { __typename } }`;
    const signedIn = await fetch(api.client.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: signIn }),
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(signedIn.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Lax/);
    const query = `mutation { transferCredits(input: { toResellerId: "${demo.bruno.id}", amount: 1, idempotencyKey: "csrf" }) { __typename } }`;
    const bodies = [
      JSON.stringify({ query }),
      new URLSearchParams({ query }).toString(),
      query,
      `${JSON.stringify({ query, padding: '' }).slice(0, -2)}="}`,
    ];
    const types = [
      'text/plain',
      'text/plain; charset=utf-8',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
      'constructor',
    ];
    const sites: Record<string, string>[] = [
      { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: `${api.client.origin}.evil.test` },
      { origin: api.client.origin.replace('http:', 'http://evil.test@') },
      // A browser that does not say where the request comes from.
      {},
    ];
    const before = await ledger.fingerprint();
    for (const site of sites) {
      for (const type of types) {
        for (const body of bodies) {
          const headers = { cookie, ...site, 'content-type': type };
          const response = await fetch(api.client.url, { method: 'POST', headers, body });
          expect(response.status, JSON.stringify({ site, type })).toBeGreaterThanOrEqual(400);
          await response.arrayBuffer();
        }
      }
      const get = await fetch(`${api.client.url}?query=${encodeURIComponent(query)}`, { headers: { cookie, ...site } });
      expect(get.status).toBeGreaterThanOrEqual(400);
      if (site['sec-fetch-site'] === 'cross-site') {
        for (const path of ['/export/statement.csv', '/export/customers.csv']) {
          const response = await fetch(`${api.client.origin}${path}`, { headers: { cookie, ...site } });
          expect(response.status, path).toBe(403);
        }
      }
      expect(get.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(await ledger.fingerprint()).toBe(before);
  });
});

test('every answer forbids sniffing, framing and referrers, whatever its status', async () => {
  const { token } = demo.ana;
  const bearer = { authorization: `Bearer ${token}` };
  const json = { 'content-type': 'application/json' };
  const asked: Record<string, [string, RequestInit]> = {
    answer: ['/graphql', { method: 'POST', headers: { ...json, ...bearer }, body: '{"query":"{ viewer { role } }"}' }],
    refusal: ['/graphql', { method: 'POST', headers: json, body: '{"query":"{ viewer { role } }"}' }],
    garbage: ['/graphql', { method: 'POST', headers: json, body: '{' }],
    'no type': ['/graphql', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }],
    yoga: ['/graphql?query={__typename}', { headers: { accept: 'application/json, text/event-stream' } }],
    GraphiQL: ['/graphql', { headers: { accept: 'text/html' } }],
    method: ['/graphql', { method: 'DELETE' }],
    foreign: ['/graphql', { method: 'POST', headers: { ...json, origin: 'https://evil.test' }, body: '{}' }],
    preflight: ['/graphql', { method: 'OPTIONS', headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' } }],
    export: ['/export/customers.csv', { headers: bearer }],
    'export refused': ['/export/customers.csv', {}],
    webhook: ['/webhooks/payments/stripe?account=x', { method: 'POST', body: '{}' }],
    'no webhook': ['/webhooks/payments/constructor', { method: 'POST', body: '{}' }],
    health: ['/health', {}],
    ready: ['/ready', {}],
    metrics: ['/metrics', {}],
    nothing: ['/nothing', {}],
    page: ['/', { redirect: 'manual' }],
  };
  for (const [name, [path, init]] of Object.entries(asked)) {
    const response = await fetch(`${api.client.origin}${path}`, init);
    await response.arrayBuffer();
    // A server on a slow machine may not be ready within two seconds.
    if (name !== 'ready') expect(response.status, name).toBeLessThan(500);
    expect(response.headers.get('x-content-type-options'), name).toBe('nosniff');
    expect(response.headers.get('referrer-policy'), name).toBe('no-referrer');
    expect(response.headers.get('cross-origin-resource-policy'), name).toBe('same-origin');
    expect(response.headers.get('content-security-policy'), name).toMatch(/frame-ancestors 'none'/);
    expect(response.headers.get('x-powered-by') ?? response.headers.get('server'), name).toBeNull();
    if (!/evil/.test(JSON.stringify(init))) continue;
    expect(response.headers.get('access-control-allow-origin'), name).toBeNull();
  }
});

test('a payment message is accepted only with one spelling of its signature', async () => {
  const secret = 'whsec_of_the_attack';
  const { settings } = await setProvider(api.client, demo.platform, { stripe: { secretKey: 'sk_test_attack', webhookSecret: secret } });
  const url = `${api.client.origin}${settings?.webhookPath}`;
  const body = JSON.stringify({ id: 'evt_1', object: 'event', type: 'invoice.paid', data: { object: {} } });
  const now = Math.floor(Date.now() / 1000);
  const sign = (time: number, text: string, key = secret, by = 'sha256') => createHmac(by, key).update(`${time}.${text}`).digest('hex');
  const good = sign(now, body);
  const post = async (signature: string, sent = body) =>
    (await fetch(url, { method: 'POST', body: sent, headers: { 'content-type': 'application/json', 'stripe-signature': signature } }))
      .status;
  expect(await post(`t=${now},v1=${good}`)).toBe(200);
  const refused = [
    ...[
      '',
      't=',
      'v1=',
      `t=${now}`,
      `v1=${good}`,
      `t=${now},v0=${good}`,
      `t=${now},v1=`,
      `t=${now},v1=${good.slice(0, -1)}`,
      `t=${now},v1=${good}0`,
    ],
    ...[`t=${now},v1=${good.toUpperCase()}`, `t=${now + 1},v1=${good}`, `t=NaN,v1=${good}`, `t=${now - 301},v1=${sign(now - 301, body)}`],
    ...[
      `t=${now},v1=${sign(now, body, '')}`,
      `t=${now},v1=${sign(now, body, secret, 'sha1')}`,
      `t=${now},v1=${sign(now, body, 'sk_test_attack')}`,
    ],
    ...[`t=${now},v1=${createHmac('sha256', secret).update(body).digest('hex')}`, `t=-${now},v1=${good}`],
  ];
  for (const signature of refused) expect(await post(signature), signature).toBe(400);
  expect(await post(`t=${now},v1=${good}`, `${body} `)).toBe(400);
  // An account of nobody, another provider's address, and invalid account names.
  for (const account of ['', '0190d5a1-7b1c-7000-8000-00000000beef', "' OR true --", '%00', 'x'.repeat(5_000)]) {
    const response = await fetch(`${api.client.origin}/webhooks/payments/stripe?account=${encodeURIComponent(account)}`, {
      ...{ method: 'POST', body, headers: { 'stripe-signature': `t=${now},v1=${good}` } },
    });
    expect(response.status, account).toBe(400);
  }
  const elsewhere = await fetch(url.replace('/stripe', '/mercado-pago'), {
    method: 'POST',
    body,
    headers: { 'x-signature': `ts=${now},v1=${good}` },
  });
  expect(elsewhere.status).toBe(400);
});
