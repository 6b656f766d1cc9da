import { afterAll, beforeAll, expect, test } from 'vitest';
import { plantPanel } from '../support/worlds/demo.ts';
import { answerToSignedOut, CALLS, OBJECT_FIELDS, ROOT_FIELDS } from './gate-rules.ts';
import type { Viewer } from './gate-viewers.ts';
import {
  ACCESS_ANSWERS,
  answeringCalls,
  BUYING_ANSWERS,
  IMPORT_ANSWERS,
  MANAGEMENT_ANSWERS,
  namesOf,
  PAYMENT_ANSWERS,
  PEOPLE_ANSWERS,
  REMINDER_ANSWERS,
  SERVICE_ANSWERS,
  STATE_ANSWERS,
  selection,
  UNDO_ANSWERS,
  witness,
} from './gate-witnesses.ts';
import { addColleague, colleague, GateWorld, objectTypes, refusalOf, rootFields, UNKNOWN_ID } from './gate-world.ts';

let world: GateWorld;

beforeAll(async () => {
  world = await GateWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

const ROLES: readonly Viewer[] = ['PLATFORM', 'ROOT_OWNER', 'OWNER', 'OPERATOR', 'FINANCE', 'VIEWER'];

test('every field of the schema has a rule, and every rule has an existing field', () => {
  expect(rootFields().sort()).toEqual(Object.keys(ROOT_FIELDS).sort());
  expect(rootFields().sort()).toEqual(Object.keys(CALLS).sort());
  const decided = Object.entries(OBJECT_FIELDS).flatMap(([type, rule]) =>
    namesOf(rule, 'open', 'closed', 'owners', 'sellers', 'beyond', 'answer').map((name) => `${type}.${name}`),
  );
  const existing = objectTypes().flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`));
  expect(decided.sort()).toEqual(existing.sort());
});

test('without a session everything but sign-in, password reset and introspection is UNAUTHENTICATED', async () => {
  const answers: Record<string, string | null> = {};
  for (const root of rootFields()) answers[root] = refusalOf(await world.askRoot(null, root, UNKNOWN_ID));
  const expected = Object.entries(ROOT_FIELDS).map(([root, rule]) => [root, answerToSignedOut(rule)]);
  expect(answers).toEqual(Object.fromEntries(expected));
  expect((await world.ask(null, '{ __schema { queryType { name } } __typename }')).errors).toEqual([]);
  expect((await world.ask('not-a-token', '{ viewer { role } }')).errors).toMatchObject([
    { extensions: { code: 'UNAUTHENTICATED' }, path: ['viewer'] },
  ]);
});

test.each(ROLES)('%s is refused with FORBIDDEN exactly what its role does not allow', async (viewer) => {
  const answers: Record<string, boolean> = {};
  for (const root of rootFields().filter((name) => name !== 'Mutation.signOut')) {
    const id = !root.startsWith('Subscription') ? UNKNOWN_ID : viewer === 'PLATFORM' ? world.rootForPlatform : world.demo.ana.id;
    answers[root] = refusalOf(await world.askRoot(world.tokens[viewer], root, id)) !== 'FORBIDDEN';
  }
  const expected = Object.entries(ROOT_FIELDS).filter(([root]) => root !== 'Mutation.signOut');
  expect(answers).toEqual(Object.fromEntries(expected.map(([root, { allowed }]) => [root, allowed.includes(viewer)])));
});

test.each(ROLES)('%s reads every field of what it may see', async (viewer) => {
  for (const [type, rule] of Object.entries(OBJECT_FIELDS)) {
    const document = witness(
      type,
      selection(type, namesOf(rule, 'open', 'closed', 'beyond')),
      viewer === 'PLATFORM' ? world.rootForPlatform : null,
    );
    if (document !== null) expect((await world.ask(world.tokens[viewer], document)).errors, document).toEqual([]);
    for (const field of namesOf(rule, 'owners', 'sellers')) {
      const { errors } = await world.ask(world.tokens[viewer], witness(type, selection(type, [field])) ?? '');
      const isSeller = viewer === 'PLATFORM' && namesOf(rule, 'sellers').includes(field);
      const codes = viewer === 'OWNER' || viewer === 'ROOT_OWNER' || isSeller ? [] : ['FORBIDDEN'];
      expect(
        errors.map(({ extensions }) => extensions.code),
        field,
      ).toEqual(codes);
    }
  }
});

test("a tenant's first owner and the platform read all of ledgerHealth", async () => {
  const document = `{ ledgerHealth ${selection('LedgerHealth', namesOf(OBJECT_FIELDS.LedgerHealth, 'beyond'))} }`;
  for (const token of [world.tokens.PLATFORM, world.tokens.ROOT_OWNER]) {
    expect(await world.ask(token, document)).toMatchObject({ errors: [], data: { ledgerHealth: { ok: true, problems: [] } } });
  }
});

test('a locked panel reads every open field of its own objects, and is refused every closed one', async () => {
  const { token } = world.demo.zero;
  for (const [type, rule] of Object.entries(OBJECT_FIELDS)) {
    const open = witness(type, selection(type, namesOf(rule, 'open')));
    if (rule.open !== undefined && open !== null) expect((await world.ask(token, open)).errors, open).toEqual([]);
    for (const closed of namesOf(rule, 'closed', 'owners', 'sellers')) {
      const path = type === 'Viewer' ? ['viewer'] : ['viewer', 'reseller'];
      const beside = type === 'Viewer' ? { role: 'OWNER' } : { id: world.demo.zero.id };
      const document = witness(type, selection(type, [...Object.keys(beside), closed])) ?? '';
      const { data, errors } = await world.ask(token, document);
      expect(errors, document).toMatchObject([{ path: [...path, closed], extensions: { code: 'PANEL_LOCKED' } }]);
      const answered = { ...beside, [closed]: null };
      expect(data, document).toEqual({ viewer: type === 'Viewer' ? answered : { reseller: answered } });
    }
    const beyond = rule.beyond === undefined ? null : witness(type, selection(type, namesOf(rule, 'beyond')));
    if (beyond !== null) expect((await world.ask(token, beyond)).errors, beyond).toMatchObject([{ extensions: { code: 'PANEL_LOCKED' } }]);
  }
  for (const [type, field] of [
    ['BalanceChange', 'balanceChanged'],
    ['LockChange', 'lockChanged'],
  ] as const) {
    const document = `subscription { ${field} ${selection(type, namesOf(OBJECT_FIELDS[type], 'open'))} }`;
    expect((await world.ask(token, document)).errors, document).toEqual([]);
  }
});

test.each(['OWNER', 'VIEWER'] as const)("for every root field a locked panel's %s gets what R8 lists", async (role) => {
  const { zero, caio } = world.demo;
  if (role !== 'OWNER') await world.prepare((sql) => addColleague(sql, zero, role));
  const token = role === 'OWNER' ? zero.token : await world.both.interpreting.signIn(colleague(zero, role));
  for (const [root, { allowed, locked }] of Object.entries(ROOT_FIELDS)) {
    if (root === 'Mutation.signOut') continue;
    const others = refusalOf(await world.askRoot(token, root, caio.id));
    const own = refusalOf(await world.askRoot(token, root, zero.id));
    const forbidden = !allowed.includes(role) && root !== 'Query.ledgerHealth' ? 'FORBIDDEN' : null;
    if (locked === 'open') expect([others, own], root).toEqual([forbidden, forbidden]);
    else if (locked === 'own') expect([others, own], root).toEqual(['PANEL_LOCKED', null]);
    else if (root === 'Query.ledgerHealth') expect(others).toMatch(role === 'OWNER' ? /PANEL_LOCKED/ : /FORBIDDEN/);
    else expect([others, own], root).toEqual([forbidden ?? locked, forbidden ?? locked]);
  }
});

test('signOut is open to a locked panel, and ends the session', async () => {
  const client = world.both.interpreting;
  const token = await client.signIn(world.demo.zero.email);
  expect((await client.ask(token, 'mutation { signOut { ok } }')).data).toEqual({ signOut: { ok: true } });
  expect(refusalOf(await client.ask(token, '{ viewer { role } }'))).toBe('UNAUTHENTICATED');
});

test('aliases, fragments and lists open nothing more to a locked panel, and close nothing of its own', async () => {
  const { zero, caio, ana } = world.demo;
  const { data, errors } = await world.ask(
    zero.token,
    `query Q {
      own: viewer { ...V } again: viewer { reseller { kids: children { totalCount } ...R } }
      mine: node(id: "${zero.id}") { ... on Reseller { name branch { resellers } } }
      list: nodes(ids: ["${zero.accountId}", "${caio.id}", "${ana.id}", "nothing", "${zero.id}"]) { __typename id }
    }
    fragment V on Viewer { reseller { ...R } }
    fragment R on Reseller { id ... on Node { ... on Reseller { below: descendants { edges { node { id } } } } } }`,
  );
  expect(data).toEqual({
    own: { reseller: { id: zero.id, below: null } },
    again: { reseller: { kids: null, id: zero.id, below: null } },
    mine: { name: 'zero', branch: null },
    list: [{ __typename: 'Account', id: zero.accountId }, null, null, null, { __typename: 'Reseller', id: zero.id }],
  });
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(Array.from({ length: 7 }, () => 'PANEL_LOCKED'));
  expect(errors.map(({ path }) => path?.join('.')).sort()).toEqual(
    ['own.reseller.below', 'again.reseller.kids', 'again.reseller.below', 'mine.branch', 'list.1', 'list.2', 'list.3'].sort(),
  );
  const batch = await world.ask(
    zero.token,
    `mutation { answer: transferCreditsBatch(input: { mode: BEST_EFFORT, transfers: [{ toResellerId: "${caio.id}", amount: 1, idempotencyKey: "b" }] }) {
      ... on TransferCreditsBatchPayload { results { ... on Error { code } } }
    } }`,
  );
  expect(batch.data).toEqual({ answer: { results: [{ code: 'PANEL_LOCKED' }] } });
});

test('a locked panel sees its own entries, and null for other panels in them', async () => {
  const { token, accountId, email } = world.demo.zero;
  const { data, errors } = await world.ask(
    token,
    '{ viewer { reseller { account { statement { edges { node { delta transfer { kind counterparty actor from { id } to { id reseller { id name } } } } } } } } } }',
  );
  expect(errors).toEqual([]);
  const granted = { kind: 'GRANT', counterparty: 'CHILD', actor: email, from: { id: accountId }, to: null };
  const received = {
    kind: 'GRANT',
    counterparty: 'PARENT',
    actor: null,
    from: null,
    to: { id: accountId, reseller: { id: world.demo.zero.id, name: 'zero' } },
  };
  const entries = [
    { delta: -10, transfer: granted },
    { delta: 10, transfer: received },
  ];
  expect(data).toEqual({ viewer: { reseller: { account: { statement: { edges: entries.map((node) => ({ node })) } } } } });
});

test('every field of every payload and every error is returned to the caller', async () => {
  const client = world.both.interpreting;
  const { ana } = world.demo;
  const branch = await plantPanel(client, world.demo.root, 'suspended@demo.test', 20);
  const below = await plantPanel(client, branch, 'below@demo.test', 10);
  await world.prepare((sql) => sql`UPDATE reseller SET suspended_at = now(), suspension_reason = 'debt' WHERE name = 'suspended'`);
  const stranger = await client.signIn(ana.email);
  const calls = answeringCalls(world.demo, { rootForPlatform: world.rootForPlatform, stranger, suspended: below.token }, (type) =>
    selection(type, namesOf(OBJECT_FIELDS[type], 'answer')),
  );
  for (const { as, document, type } of calls) {
    const { data, errors, text } = type === 'SignOutPayload' ? await client.ask(as, document) : await world.ask(as, document);
    expect(errors, text).toEqual([]);
    expect(data, type).toMatchObject({ answer: { __typename: type } });
  }
  const proven = new Set(calls.map(({ type }) => type));
  const answers = Object.entries(OBJECT_FIELDS).flatMap(([type, rule]) => (rule.answer === undefined ? [] : [type]));
  // A field error arrives with its InvalidInputError, and the others have tests of their own.
  expect(
    answers.filter(
      (type) =>
        !proven.has(type) &&
        ![
          ...PEOPLE_ANSWERS,
          ...MANAGEMENT_ANSWERS,
          ...BUYING_ANSWERS,
          ...SERVICE_ANSWERS,
          ...ACCESS_ANSWERS,
          ...REMINDER_ANSWERS,
          ...PAYMENT_ANSWERS,
          ...STATE_ANSWERS,
          ...IMPORT_ANSWERS,
          ...UNDO_ANSWERS,
        ].includes(type),
    ),
  ).toEqual(['FieldError', 'RateLimitedError']);
});

test('too many wrong passwords are refused with the time to try again', async () => {
  const client = world.both.interpreting;
  const document = `mutation { answer: signIn(input: { email: "nobody@demo.test", password: "not the password" }) {
    __typename ... on Error { code } ... on RateLimitedError ${selection('RateLimitedError', namesOf(OBJECT_FIELDS.RateLimitedError, 'answer'))}
  } }`;
  const codes: (string | null)[] = [];
  for (let attempt = 0; attempt < 20 && codes.at(-1) !== 'RATE_LIMITED'; attempt += 1)
    codes.push(refusalOf(await client.ask(null, document)));
  expect([...new Set(codes)]).toEqual(['INVALID_CREDENTIALS', 'RATE_LIMITED']);
  expect((await world.ask(null, document)).data).toMatchObject({ answer: { retryAfterSeconds: expect.any(Number) } });
});

test('a suspended branch signs in, reads everything and receives, but does not spend', async () => {
  const client = world.both.interpreting;
  const panel = await plantPanel(client, world.demo.root, 'halted@demo.test', 30);
  const child = await plantPanel(client, panel, 'halted.child@demo.test', 10);
  await world.prepare((sql) => sql`UPDATE reseller SET suspended_at = now(), suspension_reason = 'debt' WHERE name = 'halted'`);
  const token = await client.signIn('halted.child@demo.test');
  expect(
    (await world.ask(token, '{ viewer { reseller { status statusReason children { edges { node { id } } } branch { resellers } } } }'))
      .data,
  ).toEqual({
    viewer: { reseller: { status: 'SUSPENDED', statusReason: 'debt', children: { edges: [] }, branch: { resellers: 1 } } },
  });
  expect(await client.transfer(panel.token, child.id, 1, 'halted')).toMatchObject({ code: 'PANEL_SUSPENDED' });
  expect(await client.transfer(world.demo.root.token, panel.id, 5, 'received')).toMatchObject({ to: { balance: 25 } });
});
