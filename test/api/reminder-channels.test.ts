import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from '../support/clients/api.ts';
import { type CustomerSeen, CustomersWorld, customerOf, DAY_MS, uuidOf } from '../support/clients/customers-api.ts';
import { MailCatcher } from '../support/processes/mail-catcher.ts';
import { until } from '../support/until.ts';
import { issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { shiftTime, zoneAt } from '../support/worlds/local-time.ts';
import { hook } from '../webhooks/hook-api.ts';
import { Receiver } from '../webhooks/receiver.ts';

/** Three servers on one database, where it is noon. Each sends what is due, and retries at once. */
let world: CustomersWorld;
let others: Api[];
let catcher: MailCatcher;
let receiver: Receiver;
let panels = 0;
const NOON = 12;

beforeAll(async () => {
  [catcher, receiver] = await Promise.all([MailCatcher.open(), Receiver.open()]);
  const options = {
    settings: catcher.settings,
    limits: { webhooks: { allowLoopback: true, retryDelaysMs: Array.from({ length: 200 }, () => 50) } },
  };
  world = await CustomersWorld.open(options);
  const { client, databaseUrl, demo } = world;
  others = await Promise.all([startApi({ ...options, databaseUrl }), startApi({ ...options, databaseUrl })]);
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 1_000, 'to remind');
  const policy = 'mutation ($input: SetTenantPolicyInput!) { setTenantPolicy(input: $input) { __typename } }';
  await client.data(demo.root.token, policy, { input: { timeZone: await zoneAt(world.sql, NOON) } });
});

afterAll(async () => {
  await Promise.all(others.map((one) => one[Symbol.asyncDispose]()));
  await world[Symbol.asyncDispose]();
});

function panel(): Promise<Member> {
  panels += 1;
  return plantPanel(world.client, world.demo.root, `channels${panels}@reminders.test`, 30);
}

async function setRules({ token }: Member, rules: readonly { channel: string; daysFromEnd: number }[]): Promise<void> {
  const document = `mutation ($input: SetReminderRulesInput!) { done: setReminderRules(input: $input) { __typename } }`;
  const given = rules.map((rule) => ({ hour: NOON, template: 'Oi, {nome}!\nVence em {dias} dias.', ...rule }));
  const { done } = await world.client.data<{ done: object }>(token, document, { input: { rules: given } });
  expect(done).toEqual({ __typename: 'SetReminderRulesPayload' });
}

/** Creates an endpoint of the panel for reminders, at a path of the receiver. */
async function register({ token }: Member, path: string): Promise<void> {
  const made = await hook(world.client, token, 'createWebhookEndpoint', {
    url: receiver.origin + path,
    scope: 'PANEL',
    events: ['CUSTOMER_REMINDED'],
  });
  receiver.secrets.push(made.secret ?? '');
}

/** A customer with paid time, created a day ago, whose service ends in this many days. */
async function endingIn(member: Member, days: number, name: string, contact: string): Promise<CustomerSeen> {
  const customer = customerOf(await world.client.mutate(member, 'activateCustomer', { name, contact, periods: 1 }));
  await world.endsIn(customer, days * DAY_MS);
  await world.sql`UPDATE customer SET created_at = now() - interval '1 day' WHERE id = ${uuidOf(customer.id)}`;
  return customer;
}

/** Waits until this many messages of the panel were passed on. */
function handed({ id }: Member, count: number): Promise<boolean> {
  return until(
    async () => (await world.sql`SELECT FROM reminder_message WHERE reseller_id = ${uuidOf(id)} AND handed_at IS NOT NULL`).count === count,
  );
}

const mailsTo = (address: string) => catcher.mails.filter(({ to }) => to === address);

test('R58: e-mail and webhook remind each customer once over three servers, but none that is muted or renewed', async () => {
  const member = await panel();
  const mailed = await endingIn(member, 3, 'Maria Silva', 'maria@reminded.test');
  await endingIn(member, 3, 'João Souza', '11 91234-5678');
  const muted = await endingIn(member, 3, 'Quieta', 'muted@reminded.test');
  const renewed = await endingIn(member, 3, 'Nova', 'renewed@reminded.test');
  await world.client.mutate(member, 'updateCustomer', { customerId: muted.id, muted: true });
  await register(member, '/once');
  await world.client.mutate(member, 'renewCustomer', { customerId: renewed.id, periods: 1 });
  await setRules(member, [
    { daysFromEnd: -3, channel: 'EMAIL' },
    { daysFromEnd: -3, channel: 'WEBHOOK' },
  ]);
  const { mail } = await catcher.mailTo('maria@reminded.test');
  expect(mail.text).toContain('Oi, Maria!\n\nVence em 3 dias.');
  expect(mail.subject).toMatch(/^channels1: seu acesso$/);
  const told = await receiver.at('/once', 2);
  await handed(member, 4);
  await until(
    async () => (await world.sql`SELECT FROM webhook_delivery WHERE finished_at IS NULL AND event = 'CUSTOMER_REMINDED'`).count === 0,
  );
  expect(told.map(({ data, type, verified }) => [type, verified, data.name, data.text]).sort()).toEqual([
    ['customer.reminded', true, 'João Souza', 'Oi, João!\nVence em 3 dias.'],
    ['customer.reminded', true, 'Maria Silva', 'Oi, Maria!\nVence em 3 dias.'],
  ]);
  expect(told.find(({ data }) => data.name === 'Maria Silva')?.data.customerId).toBe(mailed.id);
  expect(new Set(receiver.got.filter(({ path }) => path === '/once').map(({ id }) => id)).size).toBe(2);
  expect(mailsTo('maria@reminded.test')).toHaveLength(1);
  expect([...mailsTo('muted@reminded.test'), ...mailsTo('renewed@reminded.test')]).toEqual([]);
});

test('R58: a waiting message is not sent once its customer is renewed, and nothing is sent after six hours', async () => {
  const member = await panel();
  const { token } = member;
  const states = '{ viewer { reminderChannels { channel problem } } }';
  const channels = async () => (await world.client.query(token, states)).viewer.reminderChannels;
  expect(await channels()).toEqual([
    { channel: 'QUEUE', problem: null },
    { channel: 'EMAIL', problem: null },
    { channel: 'WEBHOOK', problem: 'NO_ENDPOINT' },
  ]);
  // Without an endpoint the message waits, and is a day late.
  await endingIn(member, 4, 'Late', '11 91234-0000');
  await setRules(member, [{ daysFromEnd: -4, channel: 'WEBHOOK' }]);
  const ofPanel = 'handed_at IS NULL AND reseller_id';
  await until(async () => (await shiftTime(world.sql, 'reminder_message.due_at', '-6 hours', ofPanel, uuidOf(member.id))) === 1);
  await register(member, '/late');
  expect((await channels()).at(-1)).toEqual({ channel: 'WEBHOOK', problem: null });

  receiver.answer = ({ path }) => (path === '/late' ? 503 : 204);
  catcher.refuse = () => ({ status: 451, text: 'later' });
  const renewed = await endingIn(member, 5, 'Renews', 'renews@reminded.test');
  await setRules(member, [
    { daysFromEnd: -5, channel: 'WEBHOOK' },
    { daysFromEnd: -5, channel: 'EMAIL' },
  ]);
  await receiver.at('/late', 2);
  await until(() => catcher.asked.includes('renews@reminded.test'));
  await world.client.mutate(member, 'renewCustomer', { customerId: renewed.id, periods: 1 });
  await until(
    async () => (await world.sql`SELECT FROM webhook_delivery WHERE event = 'CUSTOMER_REMINDED' AND finished_at IS NULL`).count === 0,
  );
  receiver.answer = () => 204;
  catcher.refuse = () => null;
  await until(async () => (await world.sql`SELECT FROM outbox_message WHERE channel = 'reminder' AND dead_at IS NULL`).count === 0);
  expect(mailsTo('renews@reminded.test')).toEqual([]);
  // The endpoint got only the message that was still true.
  expect(new Set(receiver.got.filter(({ path }) => path === '/late').map(({ data }) => data.name))).toEqual(new Set(['Renews']));
});

test('every reminder that this file sent matches docs/webhook-events.schema.json (R50)', async () => {
  const schema = JSON.parse(await readFile(new URL('../../docs/webhook-events.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  expect(receiver.got.map(({ type }) => type)).toContain('customer.reminded');
  for (const { body } of receiver.got) expect(validate(JSON.parse(body)), `${body} ${JSON.stringify(validate.errors)}`).toBe(true);
  const [first] = receiver.got;
  const data = Object.fromEntries(Object.entries(first?.data ?? {}).filter(([name]) => name !== 'text'));
  expect(validate({ ...JSON.parse(first?.body ?? ''), data })).toBe(false);
});
