import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Answer, BothExecutors, type Door, overSocket, TRANSFER } from '../support/clients/api.ts';
import { type Demo, issue, platformIdOf } from '../support/worlds/demo.ts';
import { createDemoDatabase } from '../support/worlds/planted-demo.ts';

let both: BothExecutors;
let demo: Demo;

beforeAll(async () => {
  const database = await createDemoDatabase();
  ({ demo } = database);
  both = await BothExecutors.start({}, database.url);
  await issue(both.interpreting, demo.platform, await platformIdOf(both.interpreting, demo.platform, 'root'), 10_000, 'to move');
});

afterAll(() => both[Symbol.asyncDispose]());

const DOORS = ['json', 'yoga', 'socket'] as const;

/** Sends the same operation by any way in; over HTTP to both executors. */
async function ask<Data>(door: Door | 'socket', query: string, variables: object = {}): Promise<Answer<Data>> {
  const { token } = demo.root;
  if (door !== 'socket') return both.ask<Data>(token, query, variables, door);
  const socket = both.compiling.socket(token);
  try {
    return await overSocket<Data>(socket, query, variables);
  } finally {
    await socket.dispose();
  }
}

interface Done {
  readonly done: { readonly __typename: string; readonly code?: string; readonly fields?: { readonly path: string }[] };
}

const REFUSED = '__typename ... on Error { code message } ... on InvalidInputError { fields { path message } }';

/** Writes a value as a GraphQL literal, where strings and lists look as in JSON. */
function literal(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, below]) => `${name}: ${literal(below)}`)
    .join(', ')} }`;
}

type Fields = Readonly<Record<string, unknown>>;

function transferInput(changed: Fields): Fields {
  return { toResellerId: demo.ana.id, amount: 1, idempotencyKey: 'input', ...changed };
}

function resellerInput(changed: Fields): Fields {
  return { name: 'n', email: 'input@demo.test', password: '1234567890', initialCredits: 10, idempotencyKey: 'input', ...changed };
}

async function expectServing(door: Door | 'socket'): Promise<void> {
  const { data } = await ask(door, '{ viewer { reseller { name } } }');
  expect(data).toEqual({ viewer: { reseller: { name: 'root' } } });
}

/** 2^53 cannot be distinguished from its neighbors. */
const TOO_LARGE = 9_007_199_254_740_992;

describe.each(DOORS)('over %s', (door) => {
  /** Values that cannot be coerced are refused before anything runs, in the document or in the variables. */
  test.each<[string, string, Fields]>([
    ['an amount of -1', 'input.amount', { amount: -1 }],
    ['an amount of 1.5', 'input.amount', { amount: 1.5 }],
    ['an amount of "10"', 'input.amount', { amount: '10' }],
    ['an amount of 2^53', 'input.amount', { amount: TOO_LARGE }],
    ['an amount of null', 'input.amount', { amount: null }],
    ['no amount', 'input.amount', { amount: undefined }],
    ['an amount of true', 'input.amount', { amount: true }],
    ['an amount of [1]', 'input.amount', { amount: [1] }],
    ['an amount of 1e400', 'input.amount', { amount: { raw: '1e400' } }],
    ['a key of null', 'input.idempotencyKey', { idempotencyKey: null }],
    ['a key of 7', 'input.idempotencyKey', { idempotencyKey: 7 }],
    ['an id of null', 'input.toResellerId', { toResellerId: null }],
    ['an id of 1.5', 'input.toResellerId', { toResellerId: 1.5 }],
    ['a memo of 7', 'input.memo', { memo: 7 }],
    ['a field that does not exist', 'input.note', { note: 'x' }],
  ])('%s is BAD_USER_INPUT and named by its path, as a variable and as a literal', async (_what, path, changed) => {
    const given = Object.fromEntries(Object.entries(transferInput(changed)).filter(([, value]) => value !== undefined));
    const isRaw = typeof given.amount === 'object' && given.amount !== null && 'raw' in given.amount;
    const written = isRaw ? literal({ ...given, amount: 0 }).replace('amount: 0', 'amount: 1e400') : literal(given);
    const answers = [await ask(door, `mutation { done: transferCredits(input: ${written}) { ${REFUSED} } }`)];
    if (!isRaw) answers.push(await ask(door, TRANSFER, { input: given }));
    for (const { data, errors, status, text } of answers) {
      expect([200, 400]).toContain(status);
      expect(data ?? null, text).toBeNull();
      expect(errors, text).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', path } }]);
      expect(errors[0]?.message).toContain(path);
    }
  });

  /** Values that coerce and are refused return a typed error. */
  test.each<[string, string, Fields]>([
    ['an amount of 0', 'input.amount', { amount: 0 }],
    ['a key of 300 characters', 'input.idempotencyKey', { idempotencyKey: 'k'.repeat(300) }],
    ['an empty key', 'input.idempotencyKey', { idempotencyKey: '' }],
    ['a memo of 501 characters', 'input.memo', { memo: 'm'.repeat(501) }],
    ['a memo with NUL', 'input.memo', { memo: 'a\u0000b' }],
  ])('%s is an InvalidInputError that names %s', async (_what, path, changed) => {
    const input = transferInput(changed);
    const query = `mutation ($input: TransferCreditsInput!) { done: transferCredits(input: $input) { ${REFUSED} } }`;
    const answers = [
      await ask<Done>(door, query, { input }),
      await ask<Done>(door, `mutation { done: transferCredits(input: ${literal(input)}) { ${REFUSED} } }`),
    ];
    for (const { data, text } of answers) {
      expect(data?.done).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT', fields: [{ path }] });
      expect(text).not.toContain('Invalid input');
    }
  });

  test('a new panel’s invalid fields are each named, and fewer than 10 first credits are below the minimum', async () => {
    const query = `mutation ($input: CreateResellerInput!) { done: createReseller(input: $input) { ${REFUSED} } }`;
    const bad = resellerInput({ name: ' ', email: 'nobody', password: '123456789' });
    const paths = (await ask<Done>(door, query, { input: bad })).data?.done.fields?.map(({ path }) => path);
    expect(paths?.sort()).toEqual(['input.email', 'input.name', 'input.password']);
    for (const initialCredits of [0, 9]) {
      expect((await ask<Done>(door, query, { input: resellerInput({ initialCredits }) })).data?.done).toMatchObject({
        code: 'BELOW_MINIMUM',
      });
    }
    const { errors, text } = await ask(door, query, { input: resellerInput({ password: 12_345_678 }) });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', path: 'input.password' } }]);
    expect(text).not.toContain('12345678');
  });

  test.each([
    ['first', '(first: 0)'],
    ['first', '(first: 101)'],
    ['last', '(last: -1)'],
    ['last', '(first: 1, last: 1)'],
    ['after', '(after: "nowhere")'],
    ['before', `(before: "${'x'.repeat(2_000)}")`],
    ['search', `(search: "${'x'.repeat(2_000)}")`],
  ])('a connection refuses a bad %s: %s', async (path, given) => {
    const { data, errors } = await ask(door, `{ viewer { reseller { name children${given} { edges { node { id } } } } } }`);
    expect(errors).toMatchObject([{ path: ['viewer', 'reseller', 'children'], extensions: { code: 'BAD_USER_INPUT', path } }]);
    expect(data).toEqual({ viewer: { reseller: { name: 'root', children: null } } });
  });

  test('an unknown or malformed id matches nothing', async () => {
    for (const id of ['', 'nothing', 'AQGiAsk1f3zMnzP0TNw6t5I', '../../etc', 'é', '\u0000', 'x'.repeat(10_000)]) {
      const { data } = await ask(door, 'query ($id: ID!) { node(id: $id) { id } reseller(id: $id) { id } nodes(ids: [$id]) { id } }', {
        id,
      });
      expect(data, id).toEqual({ node: null, reseller: null, nodes: [null] });
      const { done } =
        (await ask<Done>(door, `mutation { done: transferCredits(input: ${literal(transferInput({ toResellerId: id }))}) { ${REFUSED} } }`))
          .data ?? {};
      expect(done).toMatchObject({ code: 'NOT_FOUND' });
    }
    for (const ids of [[], Array.from({ length: 101 }, () => demo.ana.id)]) {
      const { errors } = await ask(door, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', path: 'ids' } }]);
    }
  });

  test.each([
    ['10,000 tokens', `{ viewer { ${'role '.repeat(10_000)} } }`],
    ['2,000 aliases', `{ ${Array.from({ length: 2_000 }, (_, index) => `a${index}: __typename`).join(' ')} }`],
    ['a depth of 60', `{ viewer { reseller ${'{ account { reseller '.repeat(30)}{ id }${' } }'.repeat(30)} } }`],
    ['100 directives', `{ viewer { role ${'@include(if: true) '.repeat(100)} } }`],
    [
      'a cost of a million',
      '{ viewer { reseller { children(first: 100) { edges { node { children(first: 100) { edges { node { children(first: 100) { edges { node { id } } } } } } } } } } } }',
    ],
  ])('a document with %s is LIMIT_EXCEEDED', async (_what, query) => {
    const { data, errors } = await ask(door, query);
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
    await expectServing(door);
  });

  test('an invalid document, or one for unknown fields, is refused with a code and without a stack', async () => {
    for (const query of [
      '{',
      '',
      '{ nothing }',
      'query A { viewer { role } } query B { viewer { role } }',
      '{ viewer { role(x: 1) } }',
      'fragment F on Viewer { ...F }',
    ]) {
      const { data, errors, text } = await ask(door, query);
      expect(data ?? null).toBeNull();
      for (const { extensions } of errors) expect(extensions.code).toMatch(/^[A-Z_]+$/);
      expect(errors.length).toBeGreaterThan(0);
      expect(text).not.toMatch(/node_modules|at \w+ \(/);
    }
    await expectServing(door);
  });

  test('a thousand transfers fit in one call, and one more is refused by name', async () => {
    const query = `mutation ($input: TransferCreditsBatchInput!) { done: transferCreditsBatch(input: $input) {
      ${REFUSED} ... on TransferCreditsBatchPayload { results { __typename } from { balance } }
    } }`;
    const transfers = Array.from({ length: 1_001 }, (_, index) => ({
      toResellerId: demo.ana.id,
      amount: 1,
      memo: `number ${index} of many`,
      idempotencyKey: `${door} ${index}`.padEnd(64, '-'),
    }));
    const tooMany = await ask<Done>(door, query, { input: { transfers } });
    expect(tooMany.data?.done).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.transfers' }] });
    const { data, text } = await ask<{ done: { results: { __typename: string }[] } }>(door, query, {
      input: { transfers: transfers.slice(1) },
    });
    expect(data?.done.results, text.slice(0, 300)).toHaveLength(1_000);
    expect(new Set(data?.done.results.map(({ __typename }) => __typename))).toEqual(new Set(['TransferCreditsPayload']));
    const twice = await ask<Done>(door, query, { input: { transfers: [transfers[0], transfers[0]] } });
    expect(twice.data?.done.fields?.[0]?.path).toMatch(/^input\.transfers\.1/);
    const bad = await ask(door, query, { input: { transfers: [transfers[0], { ...transfers[1], amount: -1 }] } });
    expect(bad.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', path: 'input.transfers.1.amount' } }]);
  });
});

describe.each(['json', 'yoga'] as const)('over HTTP with the handler %s,', (door) => {
  test('a body of 1 MB, invalid JSON and other non-requests are refused with a code', async () => {
    const huge = JSON.stringify({ query: '{ viewer { role } }', variables: { padding: 'x'.repeat(1_000_000) } });
    const bodies: [string, number, string][] = [
      [huge, 413, 'LIMIT_EXCEEDED'],
      [huge.replace('1_000_000', '').slice(0, 200_000), 400, 'BAD_USER_INPUT'],
      ['{"query": "{ viewer { role } }"', 400, 'BAD_USER_INPUT'],
      ['', 400, 'BAD_USER_INPUT'],
      ['null', 400, 'BAD_USER_INPUT'],
      ['[]', 400, 'BAD_USER_INPUT'],
      ['[{"query":"{ viewer { role } }"}]', 400, 'BAD_USER_INPUT'],
      ['{"query": 7}', 400, 'BAD_USER_INPUT'],
      ['{"query": "{ viewer { role } }", "variables": "x"}', 400, 'BAD_USER_INPUT'],
      ['{"query": "{ viewer { role } }", "variables": []}', 400, 'BAD_USER_INPUT'],
    ];
    for (const client of [both.interpreting, both.compiling]) {
      for (const [body, status, code] of bodies) {
        const answer = await client.send(demo.root.token, body, door);
        expect([answer.status, answer.errors[0]?.extensions.code], body.slice(0, 100)).toEqual([status, code]);
      }
    }
    await expectServing(door);
  });
});

describe('over a WebSocket', () => {
  const init = () => JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${demo.root.token}` } });

  /** The code with which the socket is closed after these messages. */
  async function closedBy(...messages: (string | Uint8Array)[]): Promise<number> {
    const socket = new WebSocket(both.compiling.socketUrl, 'graphql-transport-ws');
    socket.on('error', () => {});
    socket.on('open', () => {
      for (const message of messages) socket.send(message);
    });
    return new Promise((resolve) => socket.on('close', resolve));
  }

  test('a message of 1 MB, invalid JSON and other non-messages close their own socket, and no other', async () => {
    const subscribe = JSON.stringify({
      id: '1',
      type: 'subscribe',
      payload: { query: '{ viewer { role } }', variables: { x: 'x'.repeat(1_000_000) } },
    });
    expect(await closedBy(init(), subscribe)).toBe(1009);
    expect(await closedBy('{')).toBe(4400);
    expect(await closedBy('null')).toBe(4400);
    expect(await closedBy(JSON.stringify({ type: 'nothing' }))).toBe(4400);
    expect(await closedBy(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ viewer { role } }' } }))).toBe(4401);
    expect(await closedBy(init(), init())).toBe(4429);
    await expectServing('socket');
  });

  test('a large message that is not a batch of transfers is refused, and its socket stays open', async () => {
    const socket = both.compiling.socket(demo.root.token);
    const { errors } = await overSocket(socket, '{ viewer { role } }', { padding: 'x'.repeat(200_000) });
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
    expect((await overSocket(socket, '{ viewer { role } }')).data).toEqual({ viewer: { role: 'OWNER' } });
    await socket.dispose();
  });
});

test('an empty memo, as a form sends it, counts as none; an impossible amount is refused (R36)', async () => {
  const { data } = await ask<Done>('json', TRANSFER_WITH_MEMO, { input: transferInput({ memo: '', idempotencyKey: 'empty memo' }) });
  expect(data).toEqual({ done: { __typename: 'TransferCreditsPayload', transfer: { memo: null } } });
  const most = await ask<Done>('json', TRANSFER_WITH_MEMO, { input: transferInput({ amount: Number.MAX_SAFE_INTEGER }) });
  expect(most.data?.done.__typename).toBe('InsufficientCreditsError');
});

const TRANSFER_WITH_MEMO = `mutation ($input: TransferCreditsInput!) {
  done: transferCredits(input: $input) { __typename ... on TransferCreditsPayload { transfer { memo } } }
}`;

describe.each(['json', 'yoga'] as const)('without a session, over %s', (door) => {
  test('a wrong value is not reported before sign-in, in a document or in variables (R35)', async () => {
    const mutation = 'mutation($input: TransferCreditsInput!) { transferCredits(input: $input) { __typename } }';
    const variables = { input: transferInput({ amount: -1 }) };
    const document = `mutation { transferCredits(input: ${literal(variables.input)}) { __typename } }`;
    for (const answer of [await both.ask(null, mutation, variables, door), await both.ask(null, document, {}, door)]) {
      expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'UNAUTHENTICATED' }]);
    }
  });

  test('an operation that is open to everyone reports its wrong value', async () => {
    const { errors } = await both.ask(null, 'mutation { signIn(input: { email: 7, password: "x" }) { __typename } }', {}, door);
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: 'input.email' });
  });
});
