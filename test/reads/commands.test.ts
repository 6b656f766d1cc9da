import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/kernel/actor.ts';
import type { Panel } from '../support/worlds/ledger-world.ts';
import { dataOf, type Executor, type List, SchemaWorld } from '../support/worlds/schema-world.ts';

let world: SchemaWorld;
let keys = 0;

beforeAll(async () => {
  world = await SchemaWorld.open();
});

afterAll(() => world.close());

function key(): string {
  keys += 1;
  return `command ${keys}`;
}

const ERROR = '... on Error { __typename code message }';
const TRANSFER = `mutation ($input: TransferCreditsInput!) { transferCredits(input: $input) { ${ERROR}
  ... on TransferCreditsPayload { __typename replayed transfer { id kind amount memo createdAt counterparty } from { id balance version locked lowBalance } to { id balance version } }
  ... on InvalidInputError { fields { path message } }
  ... on InsufficientCreditsError { required balance }
  ... on PanelLockedError { account { id balance locked } } } }`;

describe.each<Executor>(['graphql-js', 'graphql-jit'])('with %s', (executor) => {
  let root: Panel;
  let child: Panel;
  let owner: Actor;
  const run = <Data = unknown>(actor: Actor | null, document: string, input: object) =>
    world.do<Data>(actor, document, { input }, executor);
  const transfer = async (input: object) => dataOf(await run<{ transferCredits: object }>(owner, TRANSFER, input)).transferCredits;

  beforeAll(async () => {
    root = await world.ledger.root(100);
    child = await world.ledger.child(root, 50);
    owner = await world.actor(root);
  });

  test('transferCredits returns the transfer and both accounts without reading them', async () => {
    const input = { toResellerId: world.id(owner, 'Reseller', child), amount: 5, memo: 'for May', idempotencyKey: key() };
    let answer = {};
    const statements = await world.statementsOf(async () => {
      answer = await transfer(input);
    });
    expect(answer).toMatchObject({
      __typename: 'TransferCreditsPayload',
      replayed: false,
      transfer: { kind: 'TRANSFER', amount: 5, memo: 'for May', counterparty: null },
      from: { id: world.id(owner, 'Account', root), balance: 45, version: 3, locked: false, lowBalance: false },
      to: { id: world.id(owner, 'Account', child), balance: 55, version: 2 },
    });
    expect(statements).toBe(0);
    expect(await transfer(input)).toEqual({ ...answer, replayed: true });
    expect(await transfer({ ...input, amount: 6 })).toMatchObject({ __typename: 'IdempotencyConflictError', code: 'IDEMPOTENCY_CONFLICT' });
  });

  test('refusals are typed, with what a client needs to say why', async () => {
    const toResellerId = world.id(owner, 'Reseller', child);
    expect(await transfer({ toResellerId, amount: 0, memo: 'x'.repeat(501), idempotencyKey: '' })).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.amount' }, { path: 'input.memo' }, { path: 'input.idempotencyKey' }],
    });
    expect(await transfer({ toResellerId, amount: 1000, idempotencyKey: key() })).toMatchObject({
      __typename: 'InsufficientCreditsError',
      required: 1000,
      balance: 45,
    });
    expect(await transfer({ toResellerId: world.id(owner, 'Reseller', root), amount: 1, idempotencyKey: key() })).toMatchObject({
      __typename: 'NotDirectChildError',
    });
  });

  test('a malformed or unknown id, or one of another type or tenant, is the same NotFoundError', async () => {
    const stranger = await world.ledger.root(10);
    const unknown = { tenantId: root.tenantId, id: '01890000-0000-7000-8000-000000000000' };
    const platform = await world.platform();
    const ids = [
      '',
      'nonsense',
      world.id(owner, 'Account', child),
      world.id(owner, 'Reseller', stranger),
      world.id(owner, 'Reseller', unknown),
      world.id(platform, 'Reseller', child),
      'x'.repeat(10_000),
    ];
    const answers = [];
    for (const toResellerId of ids) answers.push(await transfer({ toResellerId, amount: 1, idempotencyKey: key() }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ __typename: 'NotFoundError' });
  });

  test('a role without the right gets ForbiddenError, a caller without a session UNAUTHENTICATED', async () => {
    const input = { toResellerId: 'x', amount: 1, idempotencyKey: key() };
    const other = await world.ledger.root(10);
    for (const actor of [await world.actor(other, 'VIEWER'), await world.actor(other, 'OPERATOR'), await world.platform()]) {
      expect((await run(actor, TRANSFER, input)).data).toMatchObject({
        transferCredits: { __typename: 'ForbiddenError', code: 'FORBIDDEN' },
      });
    }
    expect(await run(null, TRANSFER, input)).toEqual({ data: null, errors: [{ path: 'transferCredits', code: 'UNAUTHENTICATED' }] });
  });

  test('values that do not coerce are refused before anything is resolved', async () => {
    for (const amount of [-1, 1.5, '10', 2 ** 53, null]) {
      const { data, errors } = await run(owner, TRANSFER, { toResellerId: 'x', amount, idempotencyKey: key() });
      expect(data).toBeNull();
      expect(errors).toHaveLength(1);
    }
  });

  test('transferCreditsBatch returns a result for each in order, or why the batch was refused', async () => {
    const document = `mutation ($input: TransferCreditsBatchInput!) { transferCreditsBatch(input: $input) { ${ERROR}
      ... on BatchRefusedError { index cause { __typename code ... on InsufficientCreditsError { required } } }
      ... on TransferCreditsBatchPayload { from { balance } results { ${ERROR} ... on TransferCreditsPayload { __typename to { balance } transfer { amount } } } } } }`;
    const toResellerId = world.id(owner, 'Reseller', child);
    const transfers = [1, 1000, 2].map((amount) => ({ toResellerId, amount, idempotencyKey: key() }));
    const batch = async (input: object) =>
      dataOf(await run<{ transferCreditsBatch: unknown }>(owner, document, input)).transferCreditsBatch;
    const refused = await batch({ transfers });
    expect(refused).toMatchObject({
      __typename: 'BatchRefusedError',
      index: 1,
      cause: { __typename: 'InsufficientCreditsError', required: 1000 },
    });
    const each = await batch({ mode: 'BEST_EFFORT', transfers });
    expect(each).toEqual({
      from: { balance: 42 },
      results: [
        { __typename: 'TransferCreditsPayload', to: { balance: 56 }, transfer: { amount: 1 } },
        { __typename: 'InsufficientCreditsError', code: 'INSUFFICIENT_CREDITS', message: expect.any(String) },
        { __typename: 'TransferCreditsPayload', to: { balance: 58 }, transfer: { amount: 2 } },
      ],
    });
    const none = await batch({ mode: 'BEST_EFFORT', transfers: [{ toResellerId, amount: 99, idempotencyKey: key() }] });
    expect(none).toMatchObject({ from: { balance: 42 }, results: [{ __typename: 'InsufficientCreditsError' }] });
    expect(await batch({ transfers: [] })).toMatchObject({ __typename: 'InvalidInputError' });
  });

  test('fields that a payload lacks are read: panels, statements and children below its accounts', async () => {
    const below =
      'statement(first: 1) { edges { node { delta transfer { kind } } } } reseller { name account { balance } children(first: 1) { totalCount } }';
    const toResellerId = world.id(owner, 'Reseller', child);
    const input = { toResellerId, amount: 1, idempotencyKey: key() };
    const document = `mutation ($input: TransferCreditsInput!) { transferCredits(input: $input) { ... on TransferCreditsPayload { from { ${below} } to { ${below} } } } }`;
    expect(dataOf(await run(owner, document, input))).toMatchObject({
      transferCredits: {
        from: { statement: { edges: [{ node: { delta: -1 } }] }, reseller: { children: { totalCount: 1 } } },
        to: { statement: { edges: [{ node: { delta: 1 } }] }, reseller: { children: { totalCount: 0 } } },
      },
    });
    const batch = `mutation ($input: TransferCreditsBatchInput!) { transferCreditsBatch(input: $input) { ... on TransferCreditsBatchPayload { from { ${below} } } } }`;
    type Batch = { transferCreditsBatch: { from: { statement: List<unknown> } } };
    for (const amount of [1, 1000]) {
      const transfers = [{ toResellerId, amount, idempotencyKey: key() }];
      const answer = await run<Batch>(owner, batch, { mode: 'BEST_EFFORT', transfers });
      expect(dataOf(answer).transferCreditsBatch.from.statement.edges).toHaveLength(1);
    }
  });

  test('createReseller that spends the last credit returns the new panel and its account, and the locked fields stay closed', async () => {
    const creator = await world.ledger.root(10);
    const actor = await world.actor(creator);
    const document = `mutation ($input: CreateResellerInput!) { createReseller(input: $input) { ${ERROR} ... on BelowMinimumError { minimum }
      ... on CreateResellerPayload { replayed from { balance locked } transfer { kind } reseller { id name depth status parent { id } account { balance } children { edges { node { id } } } } } } }`;
    const input = {
      name: ' Loja Ana ',
      email: `${key().replace(' ', '')}@x.test`,
      password: 'a long password',
      initialCredits: 10,
      idempotencyKey: key(),
    };
    expect((await run(actor, document, { ...input, initialCredits: 9 })).data).toMatchObject({
      createReseller: { __typename: 'BelowMinimumError', minimum: 10 },
    });
    const { data, errors } = await run<{ createReseller: unknown }>(actor, document, input);
    expect(data?.createReseller).toMatchObject({
      replayed: false,
      from: { balance: 0, locked: true },
      transfer: { kind: 'GRANT' },
      reseller: {
        name: 'Loja Ana',
        depth: 1,
        status: 'ACTIVE',
        parent: { id: world.id(actor, 'Reseller', creator) },
        account: { balance: 10 },
        children: null,
      },
    });
    expect(errors).toEqual([{ path: 'createReseller.reseller.children', code: 'PANEL_LOCKED' }]);
    expect((await run(actor, document, input)).data).toMatchObject({
      createReseller: { replayed: true, transfer: { kind: 'GRANT' } },
    });
    expect((await run(actor, document, { ...input, idempotencyKey: key() })).data).toMatchObject({
      createReseller: { __typename: 'PanelLockedError' },
    });
  });

  test('moveReseller returns the moved panel; a dry run changes nothing', async () => {
    const other = await world.ledger.child(root, 10);
    const grandchild = await world.ledger.child(child, 10);
    const document = `mutation ($input: MoveResellerInput!) { moveReseller(input: $input) { ${ERROR} ... on MoveResellerPayload { reseller { parent { id } depth } } } }`;
    const input = { resellerId: world.id(owner, 'Reseller', grandchild), newParentId: world.id(owner, 'Reseller', other) };
    type Moved = { moveReseller: { reseller: { parent: { id: string } } } };
    const parentAfter = async (more: object) =>
      dataOf(await run<Moved>(owner, document, { ...input, ...more })).moveReseller.reseller.parent.id;
    expect(await parentAfter({ dryRun: true })).toBe(world.id(owner, 'Reseller', child));
    expect(await parentAfter({})).toBe(world.id(owner, 'Reseller', other));
    expect((await run(owner, document, { ...input, newParentId: 'x' })).data).toMatchObject({
      moveReseller: { __typename: 'NotFoundError' },
    });
  });

  test('the platform creates a tenant and issues credits to any panel of it', async () => {
    const platform = await world.platform();
    const create = `mutation ($input: CreateTenantInput!) { createTenant(input: $input) { ${ERROR} ... on CreateTenantPayload { replayed reseller { id depth account { balance locked } } } } }`;
    const email = `${key().replace(' ', '')}@tenant.test`;
    const input = { name: 'Tenant', ownerEmail: email, ownerPassword: 'a long password', idempotencyKey: key() };
    const { createTenant } = dataOf(await run<{ createTenant: { reseller: { id: string } } }>(platform, create, input));
    const { reseller } = createTenant;
    expect(reseller).toMatchObject({ depth: 0, account: { balance: 0, locked: true } });
    expect((await run(platform, create, input)).data).toMatchObject({
      createTenant: { replayed: true, reseller: { id: reseller.id } },
    });
    expect((await run(platform, create, { ...input, idempotencyKey: key() })).data).toMatchObject({
      createTenant: { __typename: 'AlreadyExistsError' },
    });
    const issue = `mutation ($input: IssueCreditsInput!) { issueCredits(input: $input) { ${ERROR} ... on IssueCreditsPayload { replayed to { balance locked } transfer { kind from { id } to { id } } } } }`;
    const issued = await run(platform, issue, { resellerId: reseller.id, amount: 7, idempotencyKey: key() });
    expect(issued.data).toMatchObject({
      issueCredits: { replayed: false, to: { balance: 7, locked: false }, transfer: { kind: 'ISSUE', from: null } },
    });
    expect((await run(owner, issue, { resellerId: 'x', amount: 1, idempotencyKey: key() })).data).toMatchObject({
      issueCredits: { __typename: 'ForbiddenError' },
    });
  });

  test('signing in returns the viewer of the same operation, signing out ends it', async () => {
    const platform = await world.platform();
    const email = `${key().replace(' ', '')}@signin.test`;
    const create = 'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { __typename } }';
    await run(platform, create, { name: 'T', ownerEmail: email, ownerPassword: 'a long password', idempotencyKey: key() });
    const signIn = `mutation ($input: SignInInput!) { signIn(input: $input) { ${ERROR} ... on SignInPayload { token expiresAt viewer { role user { email createdAt } reseller { account { locked } } } } } signOut { ok } }`;
    type SignedIn = { signIn: { token: string; viewer: unknown }; signOut: unknown };
    const data = dataOf(await run<SignedIn>(null, signIn, { email: email.toUpperCase(), password: 'a long password' }));
    expect(data.signIn.viewer).toMatchObject({ role: 'OWNER', user: { email }, reseller: { account: { locked: true } } });
    expect(data.signOut).toEqual({ ok: true });
    expect(await world.ports.sessions.authenticate(data.signIn.token)).toBeNull();
    const wrong = await run(null, signIn, { email, password: 'another password' });
    expect(wrong.errors).toEqual([{ path: 'signOut', code: 'UNAUTHENTICATED' }]);
  });
});
