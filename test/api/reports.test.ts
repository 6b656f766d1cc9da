import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api, Client } from '../support/clients/api.ts';
import type { Demo, Member } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

const DAY_MS = 86_400_000;

let api: Api;
let client: Client;
let demo: Demo;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  ({ client } = api);
});

afterAll(() => api[Symbol.asyncDispose]());

const PARAMETERS = '$from: DateTime!, $to: DateTime!, $by: ReportInterval!, $branch: Boolean!, $days: Int!';
const SELECTED = `report(from: $from, to: $to, by: $by, branch: $branch) {
  timeZone intervals { start end sums { creditsReceived } } expiring(days: $days) { start customers }
  total { creditsReceived creditsPassedOn activation renewal screens refunded withdrawn newCustomers renewedCustomers lostCustomers }
}`;
const REPORT = `query ($id: ID!, ${PARAMETERS}) { reseller(id: $id) { ${SELECTED} } }`;
const CHILDREN = `query (${PARAMETERS}) { viewer { reseller { children { edges { node { id ${SELECTED} } } } } } }`;

interface Reported {
  readonly reseller: {
    readonly report: {
      readonly timeZone: string;
      readonly intervals: readonly { readonly start: string; readonly end: string }[];
      readonly expiring: readonly { readonly customers: number }[];
      readonly total: object;
    } | null;
  } | null;
}

/** The report of the last day and the next day by default. */
function ask(by: Pick<Member, 'token'>, id: string, more: object = {}) {
  const [from, to] = [new Date(Date.now() - DAY_MS), new Date(Date.now() + DAY_MS)];
  return client.ask<Reported>(by.token, REPORT, { id, from, to, by: 'DAY', branch: false, days: 31, ...more });
}

test("a panel reads its branch's reports: credits received, passed on and spent, and customers new, kept and soon to leave", async () => {
  const { ana, bruno, root } = demo;
  const input = { name: 'Maria', periods: 1, screens: 2, idempotencyKey: 'maria' };
  const { done } = await client.data<{ done: { customer: { id: string } } }>(
    ana.token,
    'mutation ($input: ActivateCustomerInput!) { done: activateCustomer(input: $input) { ... on ActivateCustomerPayload { customer { id } } } }',
    { input },
  );
  await client.data(ana.token, 'mutation ($input: ActivateCustomerInput!) { activateCustomer(input: $input) { __typename } }', {
    input: { name: 'Ivo', periods: 1, idempotencyKey: 'ivo' },
  });
  await client.data(ana.token, 'mutation ($input: RenewCustomerInput!) { renewCustomer(input: $input) { __typename } }', {
    input: { customerId: done.customer.id, periods: 3, idempotencyKey: 'renewed' },
  });
  const total = {
    ...{ creditsReceived: 110, creditsPassedOn: 10, activation: 3, renewal: 6, screens: 0, refunded: 0, withdrawn: 0 },
    ...{ newCustomers: 2, renewedCustomers: 1, lostCustomers: 0 },
  };
  for (const viewer of [ana, root]) {
    const { data, errors } = await ask(viewer, ana.id);
    expect(errors).toEqual([]);
    expect(data?.reseller?.report).toMatchObject({ timeZone: 'America/Sao_Paulo', total });
    expect(data?.reseller?.report?.expiring.map(({ customers }) => customers)).toEqual([...Array.from({ length: 30 }, () => 0), 1]);
  }
  // Reports for a page of panels are read together, and are the same.
  const span = { from: new Date(Date.now() - DAY_MS), to: new Date(Date.now() + DAY_MS) };
  const together = await client.query(root, CHILDREN, { ...span, by: 'DAY', branch: false, days: 31 });
  const { edges } = together.viewer.reseller.children;
  expect(edges.map(({ node }) => node.id)).toContain(ana.id);
  for (const { node } of edges) expect((await ask(root, node.id, span)).data?.reseller).toEqual({ report: node.report });
  // In the branch, Ana's credits to Bruno count on neither side.
  const { data } = await ask(ana, ana.id, { branch: true });
  expect(data?.reseller?.report?.total).toEqual({ ...total, creditsPassedOn: 0 });
  expect((await ask(bruno, ana.id)).data).toEqual({ reseller: null });
  expect((await ask(demo.other, ana.id)).data).toEqual({ reseller: null });
});

test('intervals are consecutive from start to end, at most 400, and an invalid argument is BAD_USER_INPUT with its name', async () => {
  const { ana } = demo;
  const [from, to] = ['2026-01-01T12:00:00.000Z', '2026-03-15T00:00:00.000Z'];
  const { data } = await ask(ana, ana.id, { from, to, by: 'MONTH' });
  expect(data?.reseller?.report?.intervals).toMatchObject([
    { start: from, end: '2026-02-01T03:00:00.000Z' },
    { start: '2026-02-01T03:00:00.000Z', end: '2026-03-01T03:00:00.000Z' },
    { start: '2026-03-01T03:00:00.000Z', end: to },
  ]);
  const end = (days: number) => new Date(Date.parse('2026-01-01T03:00:00Z') + days * DAY_MS).toISOString();
  const longest = await ask(ana, ana.id, { from: end(0), to: end(400) });
  expect(longest.data?.reseller?.report?.intervals).toHaveLength(400);
  for (const [bad, path] of [
    [{ from: end(0), to: end(401) }, 'to'],
    [{ from: '0001-01-01T00:00:00Z', to: '9999-12-31T00:00:00Z', by: 'MONTH' }, 'to'],
    [{ from: to, to }, 'to'],
    [{ from: to, to: from }, 'to'],
    [{ days: 0 }, 'days'],
    [{ days: 91 }, 'days'],
  ] as const) {
    const { errors } = await ask(ana, ana.id, bad);
    expect(errors, JSON.stringify(bad)).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', path } }]);
  }
});
