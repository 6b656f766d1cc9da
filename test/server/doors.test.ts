import { expect, test } from 'vitest';
import { bearer, DOORS, post, serve } from './world.ts';

const AMOUNT =
  'mutation T($input: TransferInput!) { transfer(input: $input) { __typename ... on Panel { name balance } ... on Refused { code } } }';
const input = (amount: unknown) => ({ to: 'x', amount });

const requests: Record<string, { body: unknown; headers?: Record<string, string>; status?: number; code?: string; path?: string }> = {
  'a query': { body: { query: '{ me { name balance parent { name } } }' } },
  'a query with nothing to wait for': { body: { query: '{ text }' } },
  'a query that waits': { body: { query: '{ later(value: 3) }' } },
  'lists of an interface': { body: { query: '{ named { __typename name ... on Person { role } } }' } },
  'a mutation answered by a union': { body: { query: AMOUNT, variables: { input: input(5) } } },
  'a typed refusal': { body: { query: AMOUNT, variables: { input: input(500) } } },
  '@skip and @include': {
    body: { query: 'query ($no: Boolean!) { me { name @skip(if: $no) balance @include(if: $no) } }', variables: { no: true } },
  },
  'fragments and aliases': { body: { query: 'fragment P on Panel { n: name } { a: me { ...P } b: me { ...P balance } }' } },
  'an operation by its name': { body: { query: 'query A { text } query B { later(value: 1) }', operationName: 'B' } },
  'a null for a variable with a default': { body: { query: 'query ($v: String = "x") { text(value: $v) }' } },
  'an unknown operation name': { body: { query: 'query A { text }', operationName: 'C' }, code: 'OPERATION_RESOLUTION_FAILURE' },
  'no operation name where two are': { body: { query: 'query A { text } query B { text }' }, code: 'OPERATION_RESOLUTION_FAILURE' },
  'a refusal': { body: { query: '{ fails(how: "refusal") { name } text }' }, code: 'FORBIDDEN' },
  'a refusal that comes later': { body: { query: '{ fails(how: "later") { name } }' }, code: 'FORBIDDEN' },
  'a refusal with a retry time': { body: { query: '{ fails(how: "overloaded") { name } }' }, code: 'OVERLOADED' },
  'a refusal that names a path': { body: { query: '{ fails(how: "input") { name } }' }, code: 'BAD_USER_INPUT', path: 'after' },
  'a refusal that takes the whole answer': { body: { query: '{ text failsHard(how: "refusal") { name } }' }, code: 'FORBIDDEN' },
  'null bubbling up to a nullable field': { body: { query: '{ me { name parent { name broken } } }' }, code: 'INTERNAL_SERVER_ERROR' },
  'a bug': { body: { query: '{ fails(how: "bug") { name } }' }, code: 'INTERNAL_SERVER_ERROR' },
  'something thrown that is no error': { body: { query: '{ fails(how: "nothing") { name } }' }, code: 'INTERNAL_SERVER_ERROR' },
  'a syntax error': { body: { query: '{ text' }, code: 'GRAPHQL_PARSE_FAILED' },
  'an unknown field': { body: { query: '{ nothing }' }, code: 'GRAPHQL_VALIDATION_FAILED' },
  'a subscription without a stream': { body: { query: 'subscription { never }' }, status: 406, code: 'BAD_USER_INPUT' },
  introspection: { body: { query: '{ __schema { queryType { name } } }' } },
  'signing in with a cookie': { body: { query: 'mutation { signIn }' } },
  'signing out': { body: { query: 'mutation { signOut }' } },
  'invalid JSON': { body: '{"query": ', status: 400, code: 'BAD_USER_INPUT' },
  'an empty body': { body: '', status: 400, code: 'BAD_USER_INPUT' },
  'an array': { body: [{ query: '{ text }' }], status: 400, code: 'BAD_USER_INPUT' },
  'a number': { body: 3, status: 400, code: 'BAD_USER_INPUT' },
  'no query': { body: { variables: {} }, status: 400, code: 'BAD_USER_INPUT' },
  'a query that is a number': { body: { query: 3 }, status: 400, code: 'BAD_USER_INPUT' },
  'variables that are a list': { body: { query: '{ text }', variables: [] }, status: 400, code: 'BAD_USER_INPUT' },
  'a parameter that is not known': { body: { query: '{ text }', id: 'x' } },
  'bytes that are not UTF-8': { body: Buffer.from([0x7b, 0xff, 0x7d]), status: 400, code: 'BAD_USER_INPUT' },
  'a body that is not JSON by its type': { body: 'x', headers: { 'content-type': 'text/plain' }, status: 415, code: 'BAD_USER_INPUT' },
  'a compressed body': { body: 'x', headers: { 'content-encoding': 'gzip' }, status: 415, code: 'BAD_USER_INPUT' },
};
for (const amount of [-1, 1.5, '10', 2 ** 53, null, true, {}]) {
  const variables = { input: input(amount) };
  requests[`the amount ${JSON.stringify(amount)} in a variable`] = {
    body: { query: AMOUNT, variables },
    code: 'BAD_USER_INPUT',
    path: 'input.amount',
  };
}
for (const amount of ['-1', '1.5', '"10"', '9007199254740992', 'null']) {
  const query = `mutation { transfer(input: { to: "x", amount: ${amount} }) { __typename } }`;
  requests[`the amount ${amount} in the document`] = { body: { query }, code: 'BAD_USER_INPUT', path: 'input.amount' };
}
const TAGS = 'mutation ($tags: [String!], $a: Credits!) { transfer(input: { to: "x", amount: $a, tags: $tags }) { __typename } }';
Object.assign(requests, {
  'a missing field of an input': {
    body: { query: AMOUNT, variables: { input: { to: 'x' } } },
    code: 'BAD_USER_INPUT',
    path: 'input.amount',
  },
  'an unknown field of an input': {
    body: { query: AMOUNT, variables: { input: { ...input(1), more: 1 } } },
    code: 'BAD_USER_INPUT',
    path: 'input.more',
  },
  'a missing variable': { body: { query: AMOUNT }, code: 'BAD_USER_INPUT', path: 'input' },
  'a value in a list': { body: { query: TAGS, variables: { a: 1, tags: ['a', null] } }, code: 'BAD_USER_INPUT', path: 'input.tags.1' },
  'a bad @oneOf': {
    body: { query: 'query ($c: ChoiceInput!) { choice(input: $c) }', variables: { c: { a: 1, b: 2 } } },
    code: 'BAD_USER_INPUT',
    path: 'input',
  },
  'a good @oneOf': { body: { query: 'query ($c: ChoiceInput!) { choice(input: $c) }', variables: { c: { b: 2 } } } },
  'a field left to its default': { body: { query: 'query ($m: ModeInput!) { mode(input: $m) }', variables: { m: {} } } },
  'a null variable where no null may be': {
    body: { query: 'query ($v: Credits = 3) { echo(value: $v) }', variables: { v: null } },
    code: 'BAD_USER_INPUT',
    path: 'value',
  },
  'a bad value of an enum': {
    body: { query: AMOUNT, variables: { input: { ...input(1), role: 'KING' } } },
    code: 'BAD_USER_INPUT',
    path: 'input.role',
  },
});

const ID = /"id":"[0-9a-f-]{36}"/;
const ignored = new Set(['date', 'keep-alive', 'connection']);

for (const [executor, compileAfter] of Object.entries({ 'graphql-js': Number.POSITIVE_INFINITY, 'graphql-jit': 1 })) {
  test(`both handlers give equal answers to everything, with ${executor}`, async () => {
    await using running = await serve({ compileAfter });
    running.world.signedIn('token');
    for (const [name, { body, headers, status = 200, code, path }] of Object.entries(requests)) {
      for (const mediaType of ['application/json', 'application/graphql-response+json']) {
        const common = { ...bearer('token'), 'x-request-id': 'fixed', ...headers };
        const json = await post(running.url, body, { ...common, accept: mediaType });
        const yoga = await post(running.url, body, { ...common, accept: `${mediaType}, multipart/mixed` });
        const seen = ({ status, text, headers: sent }: typeof json) => ({
          status,
          headers: [...sent].filter(([header]) => !ignored.has(header)),
          text: text.replace(ID, '"id":"?"'),
        });
        expect(seen(yoga), name).toEqual(seen(json));
        expect(json.headers.get('content-type'), name).toBe(`${mediaType}; charset=utf-8`);
        expect(json.json.errors?.[0]?.extensions.code, name).toBe(code);
        if (path !== undefined) expect(json.json.errors?.[0]?.extensions.path, name).toBe(path);
        const isRefusedWhole = json.json.errors !== undefined && !('data' in json.json);
        expect(json.status, name).toBe(status === 200 && isRefusedWhole && mediaType !== 'application/json' ? 400 : status);
      }
    }
  });
}

test("a compiled operation's answer equals the interpreted one, byte for byte", async () => {
  await using interpreted = await serve({ compileAfter: Number.POSITIVE_INFINITY });
  await using compiled = await serve({ compileAfter: 1 });
  for (const { world } of [interpreted, compiled]) world.signedIn('token');
  for (const [name, { body, headers }] of Object.entries(requests)) {
    const [one, other] = await Promise.all(
      [interpreted, compiled].map(({ url }) => post(url, body, { ...bearer('token'), ...headers, accept: DOORS.json })),
    );
    expect(other?.text.replace(ID, ''), name).toBe(one?.text.replace(ID, ''));
    expect(other?.status, name).toBe(one?.status);
  }
  expect(compiled.world.executed).toEqual(interpreted.world.executed);
});

test('a bug is masked with an id that the log contains, without e-mails', async () => {
  await using running = await serve();
  const { json } = await post(running.url, { query: '{ fails(how: "bug") { name } }' });
  const error = json.errors?.[0];
  expect(error?.message).toBe('Internal error');
  expect(running.world.logged).toHaveLength(1);
  expect(running.world.logged[0]).toContain(String(error?.extensions.id));
  expect(running.world.logged[0]).toContain('TypeError');
  expect(running.world.logged[0]).not.toContain('root@demo.test');
});
