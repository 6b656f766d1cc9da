import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerToSignedOut, ID_CALLS, ROOT_FIELDS } from '../api/gate-rules.ts';
import { GateWorld, refusalOf, rootFields, UNKNOWN_ID } from '../api/gate-world.ts';
import { overSocket, PASSWORD } from '../support/clients/api.ts';
import { colleagueOf } from '../support/clients/people-api.ts';
import type { ApiKeyScope } from '../support/gql/schema.ts';
import { order } from '../support/worlds/buying.ts';
import { type Member, plantPanel, plantTenant } from '../support/worlds/demo.ts';

let world: GateWorld;

beforeAll(async () => {
  world = await GateWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

async function keyOf(token: string, scope: ApiKeyScope = 'MANAGE'): Promise<{ id: string; secret: string }> {
  const { apiKey, secret } = await world.both.interpreting.mutate(token, 'createApiKey', { name: 'k', scope });
  return { id: apiKey?.id ?? '', secret: secret ?? '' };
}

/** The code with which a root field is refused; a socket closed for its credentials counts as UNAUTHENTICATED. */
async function refusal(token: string, root: string): Promise<string | null> {
  try {
    return refusalOf(await world.askRoot(token, root, UNKNOWN_ID));
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 4403) return 'UNAUTHENTICATED';
    throw error;
  }
}

/** Subscriptions that receive nothing unless a suspended branch changes something itself. */
const TOLD_OF_CHANGES = ['branchChanged', 'purchaseChanged', 'customerChanged', 'customerPaymentChanged', 'webhookEndpointChanged'];

const MALFORMED = /another|capitals|without|cut short|hash/;

describe('invalid credentials', () => {
  const dead: Record<string, string> = {};

  beforeAll(async () => {
    const client = world.both.interpreting;
    const panel = await plantPanel(client, world.demo.root, 'dead@demo.test', 30);
    const revoked = await keyOf(panel.token);
    await client.mutate(panel, 'revokeApiKey', { apiKeyId: revoked.id });
    dead['a revoked key'] = revoked.secret;

    const expired = await keyOf(panel.token);
    const idle = await client.signIn('dead@demo.test');
    const disabled = await colleagueOf(client, panel.token, 'disabled@demo.test');
    dead['a key of who was disabled'] = (await keyOf(disabled.token)).secret;
    dead['a session of who was disabled'] = disabled.token;
    await client.mutate(panel, 'updateUser', { userId: disabled.id, disabled: true });

    const demoted = await colleagueOf(client, panel.token, 'demoted@demo.test');
    dead['a key of who is no owner any more'] = (await keyOf(demoted.token)).secret;
    await client.mutate(panel, 'updateUser', { userId: demoted.id, role: 'VIEWER' });

    const left = await client.signIn('dead@demo.test');
    await client.ask(left, 'mutation { signOut { ok } }');
    dead['a session that was signed out'] = left;

    const elsewhere = await client.signIn('dead@demo.test');
    await client.mutate(elsewhere, 'changePassword', { currentPassword: PASSWORD, newPassword: PASSWORD });
    dead['a session from before the password was changed'] = panel.token;

    const closed = await plantPanel(client, world.demo.root, 'closed@demo.test', 10);
    dead['a key of a closed panel'] = (await keyOf(closed.token)).secret;
    dead['a session of a closed panel'] = closed.token;
    await client.mutate(world.demo.root, 'closeReseller', { resellerId: closed.id, idempotencyKey: 'close' });

    // Their time ends without an announcement, so they must not be looked up before.
    await world.prepare(async (sql) => {
      await sql`UPDATE api_key SET expires_at = created_at WHERE prefix = ${expired.secret.slice(0, 16)}`;
      await sql`UPDATE session SET expires_at = created_at WHERE user_agent IS NOT NULL AND token_hash = sha256(${Buffer.from(idle)})`;
    });
    dead['an expired key'] = expired.secret;
    dead['an expired session'] = idle;

    const { secret } = await keyOf(world.demo.ana.token);
    const other = await keyOf(world.demo.other.token);
    const last = secret.at(-1) === 'A' ? 'B' : 'A';
    dead['a key with another letter'] = secret.slice(0, -1) + last;
    dead['a key in capitals'] = secret.toUpperCase();
    dead["one key's beginning and another's end"] = secret.slice(0, 16) + other.secret.slice(16);
    dead["a key's secret without its beginning"] = secret.slice(17);
    dead["a session's token cut short"] = world.demo.ana.token.slice(0, -1);
    dead["a session's hash"] = Buffer.from(await sha256(world.demo.ana.token)).toString('base64url');
  });

  test('are treated as signed out at every field of the schema, and the server reveals nothing more', async () => {
    const expected = Object.fromEntries(rootFields().map((root) => [root, answerToSignedOut(ROOT_FIELDS[root])]));
    for (const [name, token] of Object.entries(dead)) {
      // A malformed token is recognized before any field is resolved, so three fields are enough.
      const fields = MALFORMED.test(name) ? ['Query.viewer', 'Mutation.transferCredits', 'Mutation.signIn'] : rootFields();
      const answers = await Promise.all(fields.map(async (root) => [root, await refusal(token, root)]));
      expect(Object.fromEntries(answers), name).toEqual(Object.fromEntries(fields.map((root) => [root, expected[root]])));
    }
  });
});

async function sha256(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', Buffer.from(text));
}

/**
 * What a suspended panel may still change (R11): itself, its users, and what brings it credits. A new mutation needs
 * a decision.
 */
const OPEN_WHILE_SUSPENDED: readonly string[] = [
  ...['signIn', 'signOut', 'buyCredits', 'cancelPurchase', 'changePassword', 'changeEmail', 'revokeSession', 'revokeOtherSessions'],
  ...['requestPasswordReset', 'resetPassword'],
  ...['startTotp', 'confirmTotp', 'disableTotp', 'regenerateRecoveryCodes', 'inviteUser', 'updateUser', 'createApiKey', 'revokeApiKey'],
  // Its webhook endpoints: they keep receiving events.
  ...['createWebhookEndpoint', 'updateWebhookEndpoint', 'removeWebhookEndpoint', 'rotateWebhookSecret', 'sendTestEvent', 'replayEvents'],
  // Its prices and payment methods move nothing: it cannot deliver while it is suspended.
  ...['setCreditPackages', 'setPaymentProvider', 'setSellerCard', 'setPlans', 'setReminderRules'],
  // A message that it has sent.
  ...['markMessageSent'],
  // A payment that it has made.
  ...['reportPayment'],
  // A spend by mistake (R45).
  ...['undoSpending'],
];

/** Of these, the mutations for a key with the scope MANAGE. */
const OPEN_TO_KEYS = [
  // Open without a session.
  ...['requestPasswordReset', 'resetPassword'],
  ...[
    'signIn',
    'buyCredits',
    'cancelPurchase',
    'reportPayment',
    'undoSpending',
    'setCreditPackages',
    'setPaymentProvider',
    'setSellerCard',
    'setPlans',
    'setReminderRules',
    'markMessageSent',
  ],
];

/** Closed to it, and closed to keys by an earlier check. */
const TAKE_A_PERSON = ['resetUserAccess', 'openSupportSession'];

describe('a suspended branch', () => {
  test.each(['the panel itself', 'a panel below it', 'a key of its owner'] as const)(
    '%s reads every field and changes only what R11 allows',
    async (who) => {
      const client = world.both.interpreting;
      const name = who.replaceAll(' ', '.');
      const panel = await plantPanel(client, world.demo.root, `${name}@halted.test`, 40);
      const below = await plantPanel(client, panel, `below.${name}@halted.test`, 10);
      const { secret } = await keyOf(panel.token);
      await client.mutate(world.demo.root, 'suspendReseller', { resellerId: panel.id, reason: 'r' });
      const token = { 'the panel itself': panel.token, 'a panel below it': below.token, 'a key of its owner': secret }[who];
      const own = who === 'a panel below it' ? below.id : panel.id;
      const byKey = who === 'a key of its owner';
      for (const root of rootFields()) {
        const rule = ROOT_FIELDS[root];
        const [kind, field = ''] = root.split('.');
        if (field === 'signOut' || (kind === 'Subscription' && TOLD_OF_CHANGES.includes(field))) continue;
        const got = refusalOf(await world.askRoot(token, root, kind === 'Subscription' || field === 'auditLog' ? own : UNKNOWN_ID));
        const place = `${who}: ${root} answered ${got}`;
        if (rule?.allowed.includes('OWNER') !== true) expect(got, place).toBe('FORBIDDEN');
        else if (kind !== 'Mutation') expect(got, place).toBe(field === 'quote' ? 'NOT_FOUND' : null);
        else if (byKey && TAKE_A_PERSON.includes(field)) expect(got, place).toBe('FORBIDDEN');
        else if (!OPEN_WHILE_SUSPENDED.includes(field)) expect(got, place).toBe('PANEL_SUSPENDED');
        else expect(got, place).not.toBe('PANEL_SUSPENDED');
        if (byKey && kind === 'Mutation' && OPEN_WHILE_SUSPENDED.includes(field) && !OPEN_TO_KEYS.includes(field)) {
          expect(got, place).toBe('FORBIDDEN');
        }
      }
      await client.mutate(world.demo.root, 'resumeReseller', { resellerId: panel.id });
    },
  );
});

/** The ids of a panel's own objects by type, as the panel sees them. */
type Things = Readonly<Record<string, string>>;

async function thingsOf(member: Member): Promise<Things> {
  const client = world.both.interpreting;
  const { id: apiKey } = await keyOf(member.token, 'READ');
  const hook = 'createWebhookEndpoint(input: { url: "https://hooks.test", events: [PURCHASE_CHANGED] })';
  const { told } = await client.data<{ told: { endpoint: { id: string } } }>(
    member.token,
    `mutation { told: ${hook} { ... on CreateWebhookEndpointPayload { endpoint { id } } } }`,
  );
  const { tried } = await client.data<{ tried: { delivery: { id: string } } }>(
    member.token,
    `mutation { tried: sendTestEvent(input: { endpointId: "${told.endpoint.id}" }) { ... on SendTestEventPayload { delivery { id } } } }`,
  );
  const list = 'setCreditPackages(input: { currency: "BRL", packages: [{ quantity: 10, unitPriceMinor: 500 }] })';
  await client.data(member.token, `mutation { ${list} { __typename } }`);
  const { made } = await client.data<{ made: { customer: { id: string } } }>(
    member.token,
    `mutation { made: activateCustomer(input: { name: "M", periods: 1, idempotencyKey: "m" }) { ... on ActivateCustomerPayload { customer { id } } } }`,
  );
  const purchase = await order(client, member.token, { quantity: 10, idempotencyKey: 'p' });
  const { auditLog, viewer } = await client.query(
    member,
    `{ viewer { user { id } sessions { id current } priceList { id }
        reseller { id account { id statement(first: 1) { edges { node { id transfer { id } } } } } } }
      auditLog(first: 1) { edges { node { id } } } }`,
  );
  const { account, id } = viewer.reseller;
  const [entry] = account.statement.edges;
  return {
    Reseller: id,
    Account: account.id,
    Entry: entry?.node.id ?? '',
    Transfer: entry?.node.transfer.id ?? '',
    User: viewer.user.id,
    Session: viewer.sessions.find(({ current }) => current)?.id ?? '',
    ApiKey: apiKey,
    WebhookEndpoint: told.endpoint.id,
    Delivery: tried.delivery.id,
    // Only roots have imports: for these panels the id is unknown.
    Import: Buffer.concat([Buffer.of(50), Buffer.from('0190d5a17b1c7000800000000000beef', 'hex')]).toString('base64url'),
    Customer: made.customer.id,
    Purchase: purchase.id,
    CreditPackage: viewer.priceList[0]?.id ?? '',
    AuditEntry: auditLog.edges[0]?.node.id ?? '',
  };
}

/**
 * Seen by all panels above; everything else is the panel's own (R18). Prices are seen by possible buyers, but here
 * the platform sells.
 */
const SEEN_FROM_ABOVE: readonly string[] = ['Reseller', 'Account', 'Entry', 'Transfer', 'AuditEntry'];

/** What the direct parent may do to another panel's object (R41). */
const BY_DIRECT_PARENT: readonly string[] = ['Mutation.resetUserAccess.input.userId'];

/** The type of the object that an argument's id matches, from the argument's name. */
function typeOf(place: string): string {
  const name = place.split('.').at(-1) ?? '';
  const known: Record<string, string> = { customerId: 'Customer', purchaseId: 'Purchase', userId: 'User', sessionId: 'Session' };
  if (name === 'apiKeyId') return 'ApiKey';
  if (name === 'endpointId') return 'WebhookEndpoint';
  if (name === 'deliveryId') return 'Delivery';
  if (name === 'importId') return 'Import';
  if (place.startsWith('Query.customer')) return 'Customer';
  return known[name] ?? 'Reseller';
}

describe("another panel's objects", () => {
  const members: Record<string, Member> = {};
  const things: Record<string, Things> = {};
  /** Each panel is below the one before it. */
  const LINE = ['top', 'middle', 'bottom'];

  beforeAll(async () => {
    const client = world.both.interpreting;
    const top = await plantPanel(client, world.demo.root, 'top@line.test', 100);
    const middle = await plantPanel(client, top, 'middle@line.test', 50);
    const bottom = await plantPanel(client, middle, 'bottom@line.test', 20);
    const sibling = await plantPanel(client, top, 'sibling@line.test', 20);
    const stranger = await plantTenant(client, world.demo.platform, 'stranger@line2.test', 100);
    Object.assign(members, { top, middle, bottom, sibling, stranger });
    for (const [name, member] of Object.entries(members)) things[name] = await thingsOf(member);
    await keyOf(middle.token);
  });

  function sees(viewer: string, owner: string, type: string): boolean {
    // None of these panels is a root with imports.
    if (type === 'Import') return false;
    if (viewer === owner) return true;
    const isBelow = LINE.includes(viewer) && LINE.includes(owner) && LINE.indexOf(owner) > LINE.indexOf(viewer);
    const isSiblingBelow = viewer === 'top' && owner === 'sibling';
    // A panel's first credits came from its parent: both see that transfer.
    return SEEN_FROM_ABOVE.includes(type) && (isBelow || isSiblingBelow);
  }

  test.each(['top', 'middle', 'bottom', 'sibling', 'stranger'])('are nodes to %s only where R18 allows it', async (viewer) => {
    const { token } = members[viewer] ?? { token: '' };
    for (const [owner, ids] of Object.entries(things)) {
      for (const [type, id] of Object.entries(ids)) {
        const { data } = await world.both.interpreting.ask(
          token,
          `{ node(id: "${id}") { __typename } nodes(ids: ["${id}"]) { __typename } }`,
        );
        const node = sees(viewer, owner, type) ? { __typename: type } : null;
        expect(data, `${viewer} asks for the ${type} of ${owner}`).toEqual({ node, nodes: [node] });
      }
    }
  });

  test.each(['top', 'middle', 'bottom', 'sibling', 'stranger', 'a key of middle'])(
    'in any id argument sent by %s are answered like unknown ones',
    async (viewer) => {
      const client = world.both.interpreting;
      const isKey = viewer === 'a key of middle';
      const member = isKey ? members.middle : members[viewer];
      const token = isKey ? (await keyOf(member?.token ?? '')).secret : (member?.token ?? '');
      const as = isKey ? 'middle' : viewer;
      const socket = client.socket(token);
      let asked = 0;
      for (const [place, document] of Object.entries(ID_CALLS)) {
        if (/^Query\.nodes?\./.test(place) || place.includes('issueCredits')) continue;
        const ask = (id: string) => {
          const text = document(JSON.stringify(id), member?.id ?? '');
          return place.startsWith('Subscription') ? overSocket(socket, text) : client.ask(token, text);
        };
        const unknown = await ask(UNKNOWN_ID);
        const isChild = (owner: string) => LINE.indexOf(owner) === LINE.indexOf(as) + 1 || (as === 'top' && owner === 'sibling');
        const isReached = (owner: string) => sees(as, owner, typeOf(place)) || (BY_DIRECT_PARENT.includes(place) && isChild(owner));
        const foreign = Object.entries(things).filter(([owner]) => !isReached(owner));
        for (const [owner, ids] of foreign) {
          const { text } = await ask(ids[typeOf(place)] ?? '');
          expect(text, `${viewer}: ${place} of ${owner}`).toBe(unknown.text);
          asked += 1;
        }
      }
      await socket.dispose();
      expect(asked).toBeGreaterThan(50);
    },
  );

  test('are unchanged after all of this', async () => {
    for (const [name, member] of Object.entries(members)) {
      const { data } = await world.both.interpreting.ask(
        member.token,
        `{ customer(id: "${things[name]?.Customer}") { name status } node(id: "${things[name]?.Purchase}") { ... on Purchase { status } } }`,
      );
      expect(data, name).toEqual({ customer: { name: 'M', status: 'ACTIVE' }, node: { status: 'PENDING' } });
    }
  });
});
