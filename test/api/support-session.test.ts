import { getNamedType, isObjectType, isUnionType } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { schema } from '../../schema/index.ts';
import type { Sql } from '../../src/db/sql.ts';
import { Watch, watchBalance } from '../live/watch.ts';
import { type Answer, type Api, overSocket, PASSWORD, startApi } from '../support/clients/api.ts';
import { codeOf, colleagueOf, isSignedIn } from '../support/clients/people-api.ts';
import { openTestSql } from '../support/sql.ts';
import { until } from '../support/until.ts';
import { type Demo, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { CALLS, ROOT_FIELDS } from './gate-rules.ts';
import { refusalOf, rootFields, UNKNOWN_ID } from './gate-world.ts';

/** Two servers on one database: a change at one must take effect at the other. */
let api: Api;
let second: Api;
let demo: Demo;
let sql: Sql;
/** A child of Ana's, with a customer. */
let child: Member;
let viewer: string;

const CONTACT = '+55 11 98765-4321';
const NOTES = 'the secret is 123456';

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  second = await startApi({ databaseUrl: api.databaseUrl });
  sql = openTestSql(api.databaseUrl);
  await api.client.transfer(demo.root.token, demo.ana.id, 300, 'for panels');
  child = await plantPanel(api.client, demo.ana, 'child@support.test', 50);
  viewer = (await colleagueOf(api.client, child.token, 'viewer@support.test', 'VIEWER')).token;
  await activate(child, 'Zélia');
});

afterAll(async () => {
  await sql.end();
  await second[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

async function activate({ token }: Member, name: string): Promise<void> {
  const input = { name, contact: CONTACT, notes: NOTES, periods: 1, idempotencyKey: `activate ${name}` };
  const made = await api.client.mutate(token, 'activateCustomer', input);
  expect(made.code).toBeUndefined();
}

interface Opened {
  readonly code?: string;
  readonly token?: string | null;
  readonly expiresAt?: string;
  readonly fields?: readonly { readonly path: string }[];
}

const OPEN = `mutation ($input: OpenSupportSessionInput!) {
  done: openSupportSession(input: $input) {
    ... on OpenSupportSessionPayload { token expiresAt reseller { id name } }
    ... on Error { code } ... on InvalidInputError { fields { path } }
  }
}`;

async function open(token: string, resellerId: string, reason = 'a call at night', client = api.client): Promise<Opened> {
  return (await client.data<{ done: Opened }>(token, OPEN, { input: { resellerId, reason } })).done;
}

async function opened(token: string, resellerId: string): Promise<string> {
  return (await open(token, resellerId)).token ?? Promise.reject(new Error('no support session'));
}

const CUSTOMERS = `query ($search: String) { viewer { reseller { customers(search: $search) { edges { node { name contact notes } } } } } }`;

async function customersOf(token: string, search: string | null = null): Promise<readonly object[]> {
  const { viewer } = await api.client.query(token, CUSTOMERS, {
    search,
  });
  return viewer.reseller.customers.edges.map(({ node }) => node);
}

describe('a support session (R43)', () => {
  test('reads the child’s panel for 30 minutes with masked contacts and notes; the panel sees it, and both logs record it', async () => {
    const { token, expiresAt } = await open(demo.ana.token, child.id);
    const { viewer: seen } = await api.client.query(
      token ?? '',
      '{ viewer { role user { email role } reseller { name account { balance } } support { openedBy reason expiresAt reseller { name } } } }',
    );
    expect(seen).toEqual({
      role: 'VIEWER',
      user: { email: demo.ana.email, role: 'OWNER' },
      reseller: { name: 'child', account: { balance: 49 } },
      support: { openedBy: demo.ana.email, reason: 'a call at night', expiresAt, reseller: { name: 'child' } },
    });
    const [row] = await sql<{ minutes: number }[]>`
      SELECT extract(epoch FROM expires_at - created_at)::float8 / 60 AS minutes FROM support_session WHERE expires_at = ${expiresAt ?? ''}`;
    expect(row?.minutes).toBe(30);
    expect(await customersOf(token ?? '')).toEqual([{ name: 'Zélia', contact: '•••', notes: '•••' }]);
    expect(await customersOf(viewer)).toEqual([{ name: 'Zélia', contact: CONTACT, notes: NOTES }]);
    // A hidden value is not found by a search either.
    expect(await customersOf(token ?? '', '98765')).toEqual([]);
    expect(await customersOf(viewer, '98765')).toHaveLength(1);
    expect(await customersOf(token ?? '', 'zelia')).toHaveLength(1);

    const { viewer: panel } = await api.client.query(
      viewer,
      '{ viewer { support { reason } supportSessions { openedBy reason reseller { name } } } }',
    );
    expect(panel).toEqual({
      support: null,
      supportSessions: [{ openedBy: 'PARENT', reason: 'a call at night', reseller: { name: 'child' } }],
    });
    const entries = await sql<{ name: string; changes: object }[]>`
      SELECT r.name, a.changes FROM audit_log a JOIN reseller r ON r.tenant_id = a.tenant_id AND r.id = a.reseller_id
      WHERE a.action = 'SUPPORT_SESSION_OPENED' AND a.subject = 'child' ORDER BY r.name`;
    const changes = [{ field: 'reason', before: null, after: 'a call at night' }];
    expect([...entries]).toEqual([
      { name: 'ana', changes },
      { name: 'child', changes },
    ]);
    const { auditLog } = await api.client.query(child, '{ auditLog(first: 1) { edges { node { action actor address } } } }');
    expect(auditLog.edges[0]?.node).toEqual({ action: 'SUPPORT_SESSION_OPENED', actor: null, address: null });
  });

  test('every mutation but signOut is FORBIDDEN by every way in; every read equals that of the panel’s VIEWER', async () => {
    const token = await opened(demo.ana.token, child.id);
    const [socket, other] = [api.client.socket(token), api.client.socket(viewer)];
    const differing: string[] = [];
    for (const root of rootFields()) {
      const [kind = '', name = ''] = root.split('.');
      if (name === 'signOut' || (kind === 'Subscription' && !['balanceChanged', 'lockChanged'].includes(name))) continue;
      const id = kind === 'Subscription' || name === 'auditLog' ? child.id : UNKNOWN_ID;
      const field = CALLS[root]?.({ id, key: `support ${root}` });
      const below = ['paymentMethods'].includes(name) ? '' : ' { __typename }';
      const document = `${kind.toLowerCase()} { answer: ${field}${below} }`;
      const asked = mayBeForbidden(root) ? document.replace('{ __typename }', '{ __typename ... on ForbiddenError { code } }') : document;
      const answers: Answer<unknown>[] = [];
      if (kind === 'Subscription') answers.push(await overSocket(socket, asked));
      else {
        answers.push(await api.client.ask(token, asked), await api.client.ask(token, asked, {}, 'yoga'), await overSocket(socket, asked));
      }
      const codes = [...new Set(answers.map(refusalOf))];
      if (kind === 'Mutation') expect([root, codes]).toEqual([root, ['FORBIDDEN']]);
      else {
        const own = kind === 'Subscription' ? await overSocket(other, asked) : await api.client.ask(viewer, asked);
        if (codes.length > 1 || codes[0] !== refusalOf(own)) differing.push(`${root}: ${codes}, ${refusalOf(own)}`);
      }
    }
    expect(differing).toEqual([]);
    await socket.dispose();
    await other.dispose();
    expect(Object.keys(ROOT_FIELDS)).toContain('Mutation.openSupportSession');
    for (const field of ['sessions { id }', 'team { edges { cursor } }', 'apiKeys { edges { cursor } }', 'paymentProviders { provider }']) {
      expect(await codeOf(api.client, token, `{ viewer { ${field} } }`), field).toBe('FORBIDDEN');
    }
    for (const path of ['statement', 'customers']) {
      const query = 'from=2030-01-01T00:00:00Z&to=2030-01-02T00:00:00Z';
      const response = await fetch(`${api.client.origin}/export/${path}.csv?${query}`, { headers: { authorization: `Bearer ${token}` } });
      expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('FORBIDDEN')]);
    }
  });

  test('sees masked what a VIEWER of the panel, watching the same, sees in full', async () => {
    const token = await opened(demo.ana.token, child.id);
    const document = 'subscription { event: balanceChanged { entry { transfer { customer { name contact } } } } }';
    const sockets = [token, viewer].map((one) => api.client.socket(one));
    type Event = { entry: { transfer: { customer: object } } | null };
    const watches = sockets.map((socket) => new Watch<Event>(socket, document, {}));
    for (const watch of watches) await watch.next();
    await activate(child, 'Otávio');
    const [masked, full] = await Promise.all(watches.map((watch) => watch.next()));
    expect(masked?.entry?.transfer.customer).toEqual({ name: 'Otávio', contact: '•••' });
    expect(full?.entry?.transfer.customer).toEqual({ name: 'Otávio', contact: CONTACT });
    for (const socket of sockets) await socket.dispose();
  });

  test('is opened by owners of the direct parent, and by the platform for roots; everything else is refused by name', async () => {
    const { ana, bruno, other, platform, root, zero } = demo;
    expect(await open(root.token, bruno.id)).toMatchObject({ code: 'NOT_DIRECT_CHILD' });
    expect(await open(ana.token, ana.id)).toMatchObject({ code: 'NOT_DIRECT_CHILD' });
    expect(await open(bruno.token, ana.id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await open(ana.token, zero.id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await open(other.token, ana.id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await open(zero.token, demo.caio.id)).toMatchObject({ code: 'PANEL_LOCKED' });
    for (const reason of ['', ' ', 'x'.repeat(501)]) {
      expect(await open(ana.token, child.id, reason)).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.reason' }] });
    }
    const { secret = '' } = await api.client.mutate(ana, 'createApiKey', { name: 'k', scope: 'MANAGE' });
    expect(await open(secret, child.id)).toMatchObject({ code: 'FORBIDDEN' });
    const { token: finance } = await colleagueOf(api.client, ana.token, 'finance@support.test', 'FINANCE');
    expect(await open(finance, child.id)).toMatchObject({ code: 'FORBIDDEN' });
    const closed = await plantPanel(api.client, ana, 'closed@support.test', 10);
    await api.client.mutate(ana, 'closeReseller', { resellerId: closed.id, idempotencyKey: 'close' });
    expect(await open(ana.token, closed.id)).toMatchObject({ code: 'INVALID_STATE' });

    const rootId = await platformIdOf(api.client, platform, 'root');
    const token = await opened(platform, rootId);
    expect(
      (await api.client.ask(token, '{ viewer { user { email } reseller { id } support { openedBy } } tenants { edges { cursor } } }'))
        .errors,
    ).toMatchObject([{ path: ['tenants'], extensions: { code: 'FORBIDDEN' } }]);
    const { viewer: seen } = await api.client.query(token, '{ viewer { reseller { id } support { openedBy } } }');
    expect(seen).toEqual({ reseller: { id: root.id }, support: { openedBy: 'platform@revenda.test' } });
    const shown = await api.client.query(root, '{ viewer { supportSessions { openedBy } } }');
    expect(shown.viewer).toEqual({ supportSessions: [{ openedBy: 'PLATFORM' }] });
    const { reseller } = await api.client.query(platform, `{ reseller(id: "${rootId}") { children(first: 1) { edges { node { id } } } } }`);
    expect(await open(platform, reseller.children.edges[0]?.node.id ?? '')).toMatchObject({ code: 'NOT_DIRECT_CHILD' });
  });
});

/** Whether the refusal is one of the field's own types. */
function mayBeForbidden(root: string): boolean {
  const [kind = '', name = ''] = root.split('.');
  const type = schema.getType(kind);
  const answer = isObjectType(type) ? getNamedType(type.getFields()[name]?.type) : undefined;
  return isUnionType(answer) && answer.getTypes().some(({ name: member }) => member === 'ForbiddenError');
}

describe('it ends', () => {
  /** A support session opened by a new session, with a socket at each server. */
  async function watched(panel: Member) {
    const opener = await api.client.signIn(demo.ana.email);
    const token = await opened(opener, panel.id);
    const sockets = [api, second].map(({ client }) => client.socket(token));
    const watches = sockets.map((socket) => watchBalance(socket));
    for (const watch of watches) await watch.next();
    return { opener, token, ends: () => Promise.all(watches.map((watch) => watch.end())) };
  }

  const isOver = async (token: string) => {
    for (const { client } of [api, second]) await until(async () => !(await isSignedIn(client, token)));
  };

  test("when it is left, and its opener's session goes on", async () => {
    const { ends, opener, token } = await watched(child);
    expect((await api.client.ask(token, 'mutation { signOut { ok } }')).data).toEqual({ signOut: { ok: true } });
    expect(await ends()).toEqual([4403, 4403]);
    await isOver(token);
    expect(await isSignedIn(api.client, opener)).toBe(true);
  });

  test('with the session that opened it, and so do its sockets at every server', async () => {
    const { ends, opener, token } = await watched(child);
    await api.client.ask(opener, 'mutation { signOut { ok } }');
    expect(await ends()).toEqual([4403, 4403]);
    await isOver(token);
  });

  test('when its time is over, which nothing announces', async () => {
    const { ends, opener, token } = await watched(child);
    await sql`UPDATE support_session SET expires_at = now() WHERE token_hash = sha256(${Buffer.from(token)})`;
    expect(await ends()).toEqual([4403, 4403]);
    await isOver(token);
    expect(await isSignedIn(api.client, opener)).toBe(true);
  });

  test('when the panel is moved to another parent, or its opener is no longer an owner', async () => {
    const moved = await plantPanel(api.client, demo.ana, 'moved@support.test', 10);
    const first = await watched(moved);
    await api.client.mutate(demo.root, 'moveReseller', { resellerId: moved.id, newParentId: demo.root.id });
    expect(await first.ends()).toEqual([4403, 4403]);
    await isOver(first.token);

    const { id, token: colleague } = await colleagueOf(api.client, demo.ana.token, 'owner@support.test');
    const token = await opened(colleague, child.id);
    expect(await isSignedIn(second.client, token)).toBe(true);
    await api.client.mutate(demo.ana, 'updateUser', { userId: id, role: 'FINANCE' });
    await isOver(token);
  });
});

describe('the panel is notified at once, at another server (supportSessionsChanged)', () => {
  const LOOKED_AT = 'subscription { event: supportSessionsChanged { openedBy reason reseller { name } } }';
  type Looks = readonly { readonly openedBy: string; readonly reason: string; readonly reseller: { readonly name: string } }[];

  function looksAt({ token }: Pick<Member, 'token'>) {
    const socket = second.client.socket(token);
    onTestFinished(() => void socket.dispose());
    const watch = new Watch<Looks>(socket, LOOKED_AT, {});
    return async () => (await watch.next()).map(({ openedBy, reason, reseller }) => `${openedBy} ${reason} ${reseller.name}`);
  }

  test('when one is opened, left or ended with its opener’s session or rights, even while locked; a sibling is not', async () => {
    const panel = await plantPanel(api.client, demo.ana, 'looked@support.test', 10);
    await plantPanel(api.client, panel, 'below@support.test', 10);
    const next = looksAt(panel);
    const siblings = looksAt(demo.bruno);
    expect([await next(), await siblings()]).toEqual([[], []]);

    const opener = await api.client.signIn(demo.ana.email);
    const { token } = await open(opener, panel.id, 'first');
    expect(await next()).toEqual(['PARENT first looked']);
    expect((await open(opener, panel.id, 'second')).code).toBeUndefined();
    expect(await next()).toEqual(['PARENT second looked', 'PARENT first looked']);
    await api.client.ask(token ?? '', 'mutation { signOut { ok } }');
    expect(await next()).toEqual(['PARENT second looked']);
    await api.client.ask(opener, 'mutation { signOut { ok } }');
    expect(await next()).toEqual([]);

    const { id, token: colleague } = await colleagueOf(api.client, demo.ana.token, 'looker@support.test');
    await open(colleague, panel.id, 'third');
    expect(await next()).toEqual(['PARENT third looked']);
    await api.client.mutate(demo.ana, 'updateUser', { userId: id, role: 'FINANCE' });
    expect(await next()).toEqual([]);

    await open(demo.ana.token, panel.id, 'before the move');
    expect(await next()).toEqual(['PARENT before the move looked']);
    await api.client.mutate(demo.root, 'moveReseller', { resellerId: panel.id, newParentId: demo.root.id });
    expect(await next()).toEqual([]);

    await open(demo.ana.token, demo.bruno.id, 'only this');
    expect(await siblings()).toEqual(['PARENT only this bruno']);
  });

  test('it ends with the viewer’s session; the platform, which has no panel, gets no events', async () => {
    const token = await api.client.signIn(child.email);
    const socket = second.client.socket(token);
    const watch = new Watch<Looks>(socket, LOOKED_AT, {});
    await watch.next();
    await api.client.ask(token, 'mutation { signOut { ok } }');
    expect(await watch.end()).toBe(4403);
    expect(await looksAt({ token: demo.platform })()).toEqual([]);
  });
});

describe('as a cookie', () => {
  async function send(cookie: string, query: string, variables = {}): Promise<Answer<unknown> & { readonly cookies: readonly string[] }> {
    const response = await fetch(api.client.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', cookie },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const { data, errors = [] } = JSON.parse(text);
    return { status: response.status, text, data, errors, cookies: response.headers.getSetCookie() };
  }

  const WHO = '{ viewer { role support { reason } reseller { name } } }';
  const supported = { viewer: { role: 'VIEWER', support: { reason: 'by cookie' }, reseller: { name: 'child' } } };
  const oneself = { viewer: { role: 'OWNER', support: null, reseller: { name: 'ana' } } };

  test("it hides the user's own session until it is left or over, over HTTP and sockets, and signing in drops it", async () => {
    const own = `revenda_session=${await api.client.signIn(demo.ana.email)}`;
    const input = { resellerId: child.id, reason: 'by cookie', transport: 'COOKIE' };
    const opening = await send(own, OPEN, { input });
    expect(opening.data).toMatchObject({ done: { token: null, reseller: { name: 'child' } } });
    expect(opening.cookies).toEqual([
      expect.stringMatching(/^revenda_support=rvs_[\w-]{43}; Expires=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const support = opening.cookies[0]?.split(';')[0] ?? '';
    const both = `${own}; ${support}`;
    expect((await send(both, WHO)).data).toEqual(supported);
    expect((await send(own, WHO)).data).toEqual(oneself);

    class WithCookies extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers: { cookie: both, origin: api.client.origin } });
      }
    }
    const socket = createClient({ url: api.client.socketUrl, webSocketImpl: WithCookies, retryAttempts: 0 });
    expect((await overSocket(socket, WHO)).data).toEqual(supported);
    await socket.dispose();

    const left = await send(both, 'mutation { signOut { ok } }');
    expect(left.cookies).toEqual([expect.stringMatching(/^revenda_support=; Max-Age=0/)]);
    // The browser may not know this yet: a worthless cookie is ignored.
    await until(async () => JSON.stringify((await send(both, WHO)).data) === JSON.stringify(oneself));
    const signIn = `mutation { signIn(input: { email: "${demo.ana.email}", password: "${PASSWORD}", transport: COOKIE }) { __typename } }`;
    expect((await send('', signIn)).cookies.map((cookie) => cookie.split('=')[0])).toEqual(['revenda_session', 'revenda_support']);
  });
});
