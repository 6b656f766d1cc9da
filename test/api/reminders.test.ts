import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, startApi } from '../support/clients/api.ts';
import { type CustomerSeen, CustomersWorld, customerOf, DAY_MS, uuidOf } from '../support/clients/customers-api.ts';
import type { Answered } from '../support/clients/mutation.ts';
import type { ReminderRuleInput } from '../support/gql/schema.ts';
import { until } from '../support/until.ts';
import { issue, type Member, plantPanel, platformIdOf } from '../support/worlds/demo.ts';
import { firstHour, shiftTime, zoneAt } from '../support/worlds/local-time.ts';
import { OBJECT_FIELDS } from './gate-rules.ts';
import { namesOf, REMINDER_ANSWERS, selection } from './gate-witnesses.ts';

/** Three servers on one database: each looks for due reminders. */
let world: CustomersWorld;
let others: Api[];
/** A zone where it is noon, so that no test meets midnight unintentionally. */
let noon: string;
let panels = 0;

beforeAll(async () => {
  world = await CustomersWorld.open();
  const { databaseUrl } = world;
  others = await Promise.all([startApi({ databaseUrl }), startApi({ databaseUrl })]);
  const { client, demo } = world;
  noon = await zoneAt(world.sql, 12);
  await setZone(noon);
  await issue(client, demo.platform, await platformIdOf(client, demo.platform, 'root'), 10_000, 'to remind');
});

afterAll(async () => {
  await Promise.all(others.map((one) => one[Symbol.asyncDispose]()));
  await world[Symbol.asyncDispose]();
});

async function setZone(timeZone: string): Promise<void> {
  const done = await world.client.mutate(world.demo.root, 'setTenantPolicy', { timeZone });
  expect(done).toMatchObject({ __typename: 'SetTenantPolicyPayload' });
}

function panel(credits = 20): Promise<Member> {
  panels += 1;
  return plantPanel(world.client, world.demo.root, `panel${panels}@reminders.test`, credits);
}

const HOUR_MS = 3_600_000;
type Rule = Partial<ReminderRuleInput>;
type Message = Awaited<ReturnType<typeof queueOf>>['messages'][number];
const MESSAGE = 'id customer { id } text whatsappUrl sentAt';

function setRules({ token }: Pick<Member, 'token'>, rules: readonly Rule[]): Promise<Answered<'setReminderRules'>> {
  const given = rules.map((rule) => ({ channel: 'QUEUE', template: 'Oi, {nome}!', ...rule }) as const);
  return world.client.mutate(token, 'setReminderRules', { rules: given });
}

/** The current hour in the tenant's zone: a reminder at that hour is due, and not late. */
async function thisHour(): Promise<number> {
  const [row] = await world.sql<{ hour: number }[]>`
    SELECT extract(hour FROM now() AT TIME ZONE time_zone)::integer AS hour FROM tenant JOIN reseller r ON r.tenant_id = tenant.id
    WHERE r.id = ${uuidOf(world.demo.root.id)}`;
  return row?.hour ?? 0;
}

async function queueOf({ token }: Pick<Member, 'token'>, day?: Date) {
  const query = `query ($day: DateTime) { viewer { messageQueue(day: $day, first: 500) { ${MESSAGE} } messagesWaiting(day: $day) } }`;
  const { viewer } = await world.client.query(token, query, { day });
  return { messages: viewer.messageQueue, waiting: viewer.messagesWaiting };
}

/** Waits until the list has this many messages. */
function queueWith(member: Pick<Member, 'token'>, count: number, day?: Date): Promise<readonly Message[]> {
  return until(async () => {
    const { messages } = await queueOf(member, day);
    return messages.length >= count && messages;
  });
}

async function mark({ token }: Pick<Member, 'token'>, messageId: string, sent = true): Promise<Message> {
  const document = `mutation ($input: MarkMessageSentInput!) { done: markMessageSent(input: $input) {
    ... on MarkMessageSentPayload { message { ${MESSAGE} } } ... on Error { code }
  } }`;
  const { done } = await world.client.data<{ done: { message?: Message } }>(token, document, { input: { messageId, sent } });
  return done.message ?? Promise.reject(new Error(JSON.stringify(done)));
}

/** A customer with paid time, created a day ago, whose service ends in this many days. */
async function endingIn(member: Member, days: number, name = 'Maria', contact = '11 91234-5678'): Promise<CustomerSeen> {
  const customer = customerOf(await world.client.mutate(member, 'activateCustomer', { name, contact, periods: 1 }));
  await world.endsIn(customer, days * DAY_MS);
  await world.sql`UPDATE customer SET created_at = now() - interval '1 day' WHERE id = ${uuidOf(customer.id)}`;
  return customer;
}

/** The day after another one, as a server computes it at this time, and whether its hour has come. */
async function nextSlot(zone: string, hour: number, slot: string | null, atMs: number): Promise<{ slot: string; due: boolean }> {
  const [next] = await world.sql<{ slot: string; due: boolean }[]>`
    SELECT s.slot::text AS slot, reminder_at(s.slot, ${hour}::smallint, ${zone}) <= now.at AS due
    FROM (SELECT to_timestamp(${atMs}::bigint / 1000.0) AS at) AS now,
      LATERAL (SELECT reminder_slot(${slot}::text::date, ${hour}::smallint, ${zone}, now.at) AS slot) AS s`;
  return next ?? Promise.reject(new Error('no day comes next'));
}

/** Waits until each of the panel's rules waits for a later time. */
function looked({ id }: Member): Promise<true> {
  return until(async () => {
    const { count } = await world.sql`SELECT FROM reminder_rule WHERE reseller_id = ${uuidOf(id)} AND next_at <= clock_timestamp()`;
    return count === 0;
  });
}

describe('reminder rules (R58)', () => {
  test('R58: a list is replaced as a whole; unknown fields, numbers out of bounds and a repeated moment are refused by name', async () => {
    const member = await panel();
    const template = 'Olá, {nome}: {vencimento} {hora} {dias} {telas} {login} {revenda} / {name} {expiry} {time} {days} {screens} {seller}';
    const rules = [
      { daysFromEnd: -3, trialHours: null, hour: 9, channel: 'QUEUE', template },
      { daysFromEnd: 0, trialHours: -1, hour: 0, channel: 'QUEUE', template: 'O teste acaba às {hora}.\nQuer ficar?' },
    ];
    expect(await setRules(member, rules as Rule[])).toMatchObject({ reminderRules: rules });
    const bad = [
      { daysFromEnd: -31 },
      { hour: 24 },
      { template: 'Oi {nome}, pague {valor} em { nome } e {valor}' },
      { trialHours: 25 },
      { template: ' \n' },
    ];
    const { fields } = await setRules(member, bad);
    expect(fields).toMatchObject([
      { path: 'input.rules.0.daysFromEnd' },
      { path: 'input.rules.1.hour' },
      { path: 'input.rules.2.template', message: 'has no field {valor}.' },
      { path: 'input.rules.2.template', message: 'has no field { nome }.' },
      { path: 'input.rules.3.trialHours' },
      { path: 'input.rules.4.template' },
    ]);
    expect(await setRules(member, [{ hour: 9 }, { hour: 10 }])).toMatchObject({ fields: [{ path: 'input.rules.1' }] });
    expect(await setRules(member, [{ trialHours: 1, daysFromEnd: 1, hour: 1 }])).toMatchObject({
      fields: [{ path: 'input.rules.0.daysFromEnd' }, { path: 'input.rules.0.hour' }],
    });
    expect(
      await setRules(
        member,
        Array.from({ length: 21 }, (_, day) => ({ daysFromEnd: day })),
      ),
    ).toMatchObject({ fields: [{ path: 'input.rules' }] });
    const { viewer } = await world.client.query(
      member,
      '{ viewer { reminderRules { daysFromEnd trialHours hour channel template } reminderFields { name example } } }',
    );
    expect(viewer.reminderRules).toEqual(rules);
    expect(viewer.reminderFields).toContainEqual({ name: 'vencimento', example: expect.stringMatching(/^1[45]\/03\/2030$/) });
    expect(viewer.reminderFields).toContainEqual({ name: 'expiry', example: expect.stringMatching(/^1[45] Mar 2030$/) });
    for (const { name } of viewer.reminderFields) expect(template).toContain(`{${name}}`);
  });

  test('R58: a due customer is in the list once over three servers; renewed, muted, canceled and trial customers are not', async () => {
    const member = await panel();
    const [due, muted, canceled, renewed, otherDay] = await Promise.all(
      [-3, -3, -3, -3, -2].map((days, index) => endingIn(member, -days, `Name${index} Silva`)),
    );
    if (!due || !muted || !canceled || !renewed || !otherDay) throw new Error('five were activated');
    expect(await world.client.mutate(member, 'updateCustomer', { customerId: muted.id, muted: true })).not.toHaveProperty('code');
    expect(await world.client.mutate(member, 'cancelCustomer', { customerId: canceled.id })).not.toHaveProperty('code');
    expect(await world.client.mutate(member, 'renewCustomer', { customerId: renewed.id, periods: 1 })).not.toHaveProperty('code');
    const trial = await world.trial(member, 'due@trial.test');
    await world.endsIn(trial, 3 * DAY_MS);
    await setRules(member, [{ daysFromEnd: -3, hour: await thisHour(), template: '{nome}, faltam {dias} dias. {seller}' }]);
    const [message, ...more] = await queueWith(member, 1);
    await looked(member);
    expect(more).toEqual([]);
    expect(message).toMatchObject({ customer: { id: due.id }, sentAt: null });
    expect(message?.text).toMatch(/^Name0, faltam 3 dias\. ./);
    expect(message?.whatsappUrl).toBe(`https://wa.me/5511912345678?${new URLSearchParams({ text: message?.text ?? '' })}`);

    // With another text and the same day: a reminded customer is not reminded again, and one that is no longer muted is.
    await world.client.mutate(member, 'updateCustomer', { customerId: muted.id, muted: false });
    await setRules(member, [{ daysFromEnd: -3, hour: await thisHour(), template: 'Outra, {nome}' }]);
    await world.sql`UPDATE reminder_rule SET slot = NULL, next_at = now() WHERE reseller_id = ${uuidOf(member.id)}`;
    const both = await queueWith(member, 2);
    await looked(member);
    expect(both.map(({ text }) => text).sort()).toEqual(['Outra, Name0', 'Outra, Name1']);
    expect((await queueOf(member)).waiting).toBe(2);
    // A message whose customer is renewed after it was prepared is not sent.
    await world.client.mutate(member, 'renewCustomer', { customerId: muted.id, periods: 1 });
    expect((await queueOf(member)).messages.map(({ id }) => id)).toEqual([message?.id]);
    await setRules(member, []);
    expect(await queueOf(member)).toEqual({ messages: [], waiting: 0 });
  });

  test('R58: many customers due at one hour are each in the list once, whichever of three servers added them', async () => {
    const member = await panel(30);
    const first = await endingIn(member, 5);
    await world.sql`
      INSERT INTO customer (tenant_id, id, reseller_id, name, contact, contact_key, search_key, screens, next_screens, is_trial, expires_at, credits_spent, created_at)
      SELECT tenant_id, gen_random_uuid(), reseller_id, name || n, contact, contact_key, search_key, screens, next_screens, is_trial,
        expires_at + (n % 3 - 1) * interval '1 millisecond', 0, created_at
      FROM customer, generate_series(1, 1700) AS n WHERE id = ${uuidOf(first.id)}`;
    const hour = await thisHour();
    await setRules(
      member,
      [-5, -6, -4].map((daysFromEnd) => ({ daysFromEnd, hour })),
    );
    const counted = await until(async () => {
      const [row] = await world.sql<{ made: number; customers: number }[]>`
        SELECT count(*)::integer AS made, count(DISTINCT customer_id)::integer AS customers FROM reminder_message
        WHERE reseller_id = ${uuidOf(member.id)}`;
      return row && row.made >= 1701 && row;
    });
    await looked(member);
    expect(counted).toEqual({ made: 1701, customers: 1701 });
    expect((await queueOf(member)).messages).toHaveLength(500);
    expect((await queueOf(member)).waiting).toBe(1701);
  });

  test('R58: two users who tick a message at once send it once; a tick can be undone, and a sent message keeps its text', async () => {
    const member = await panel();
    const customer = await endingIn(member, -1, 'João Souza', 'joao@mail.test');
    const rule = { daysFromEnd: 1, hour: await thisHour() };
    await setRules(member, [rule]);
    const [message] = await queueWith(member, 1);
    expect(message).toMatchObject({ text: 'Oi, João!', whatsappUrl: null });
    const id = message?.id ?? '';
    const [one, two] = await Promise.all([mark(member, id), mark(member, id)]);
    expect(one.sentAt).not.toBeNull();
    expect(two.sentAt).toBe(one.sentAt);
    expect((await mark(member, id)).sentAt).toBe(one.sentAt);
    await setRules(member, [{ ...rule, template: 'Tchau' }]);
    await world.client.mutate(member, 'renewCustomer', { customerId: customer.id, periods: 1 });
    expect(await queueOf(member)).toMatchObject({ messages: [{ text: 'Oi, João!', sentAt: one.sentAt }], waiting: 0 });
    expect((await mark(member, id, false)).sentAt).toBeNull();
    expect((await queueOf(member)).messages).toEqual([]);
    await expect(mark(await panel(), id)).rejects.toThrow('NOT_FOUND');
    for (const type of REMINDER_ANSWERS) {
      const call =
        type === 'MarkMessageSentPayload'
          ? `markMessageSent(input: { messageId: "${id}" })`
          : 'setReminderRules(input: { rules: [{ channel: QUEUE, template: "t" }] })';
      const all = selection(type, namesOf(OBJECT_FIELDS[type], 'answer'));
      const { errors } = await world.client.ask(member.token, `mutation { answer: ${call} { __typename ... on ${type} ${all} } }`);
      expect(errors).toEqual([]);
    }
  });

  test('R58: a trial is reminded by hours, once, and not of a moment before it began; a paid term is not', async () => {
    const member = await panel();
    const [soon, begun] = await Promise.all([world.trial(member, 'soon@trial.test'), world.trial(member, 'begun@trial.test')]);
    const paid = await endingIn(member, 0.01);
    await world.endsIn(soon, 50 * 60_000);
    await shiftTime(world.sql, 'customer.created_at', '-3 hours', 'id', uuidOf(soon.id));
    await world.endsIn(begun, 59 * 60_000);
    await setRules(member, [{ trialHours: -1, template: 'Acaba às {hora}' }]);
    const messages = await queueWith(member, 1);
    await looked(member);
    expect(messages.map(({ customer }) => customer.id)).toEqual([soon.id]);
    expect(paid.id).not.toBe(soon.id);
    expect((await queueOf(member)).messages).toHaveLength(1);
  });

  test('R58: after an outage of a day nothing is sent late; a suspended panel asks nobody to renew, a locked one does', async () => {
    const [member, control] = [await panel(), await panel(10)];
    await Promise.all([endingIn(member, 2), endingIn(control, 2)]);
    const hour = await thisHour();
    const anHour = (hour + 12) % 24;
    await setRules(member, [{ daysFromEnd: -2, hour: anHour }]);
    await looked(member);
    // As if no server had run since the day before.
    await world.sql`UPDATE reminder_rule SET slot = slot - 1 WHERE reseller_id = ${uuidOf(member.id)}`;
    await shiftTime(world.sql, 'reminder_rule.next_at', '-1 day', 'reseller_id', uuidOf(member.id));
    await shiftTime(world.sql, 'customer.expires_at', '-1 day', 'reseller_id', uuidOf(member.id));
    await looked(member);
    const made = () => world.sql`SELECT FROM reminder_message WHERE reseller_id = ${uuidOf(member.id)}`;
    expect((await made()).count).toBe(0);

    await shiftTime(world.sql, 'customer.expires_at', '1 day', 'reseller_id', uuidOf(member.id));
    const suspension = { resellerId: member.id, reason: 'late' };
    const suspend = 'mutation ($input: SuspendResellerInput!) { suspendReseller(input: $input) { __typename } }';
    await world.client.data(world.demo.root.token, suspend, { input: suspension });
    await setRules(member, [{ daysFromEnd: -2, hour }]);
    await looked(member);
    expect((await made()).count).toBe(0);
    const resume = 'mutation ($id: ID!) { resumeReseller(input: { resellerId: $id }) { __typename } }';
    await world.client.data(world.demo.root.token, resume, { id: member.id });
    await world.sql`UPDATE reminder_rule SET next_at = now() WHERE reseller_id = ${uuidOf(member.id)}`;
    await queueWith(member, 1);

    await setRules(control, [{ daysFromEnd: -2, hour: anHour }]);
    await world.client.mutate(control, 'activateCustomer', { name: 'last', periods: 9 });
    expect(await world.balance(control)).toBe(0);
    await looked(control);
    await world.sql`
      UPDATE reminder_rule SET hour = ${hour}, slot = NULL, next_at = now() WHERE reseller_id = ${uuidOf(control.id)}`;
    await until(async () => (await world.sql`SELECT FROM reminder_message WHERE reseller_id = ${uuidOf(control.id)}`).count === 1);
  });

  test('R58: each day has its hour once despite clock changes: a skipped hour is an hour later, a repeated one the second', async () => {
    const at = async (day: string, hour: number, zone = 'America/New_York') => {
      const [row] = await world.sql<{ at: Date }[]>`SELECT reminder_at(${day}::text::date, ${hour}::smallint, ${zone}) AS at`;
      return row?.at.toISOString();
    };
    expect(await at('2026-03-08', 1)).toBe('2026-03-08T06:00:00.000Z');
    expect(await at('2026-03-08', 2)).toBe('2026-03-08T07:00:00.000Z');
    expect(await at('2026-03-08', 3)).toBe('2026-03-08T07:00:00.000Z');
    expect(await at('2026-11-01', 1)).toBe('2026-11-01T06:00:00.000Z');
    expect(await at('2026-11-29', 9, 'Pacific/Kiritimati')).toBe('2026-11-28T19:00:00.000Z');
    // A server that checks hourly across both changes finds every day once, at most six hours late.
    for (const [zone, from] of [
      ['America/New_York', '2026-03-06T00:30:00Z'],
      ['America/New_York', '2026-10-30T00:30:00Z'],
      ['Australia/Lord_Howe', '2026-04-03T00:30:00Z'],
      ['Pacific/Kiritimati', '2026-11-27T00:30:00Z'],
    ] as const) {
      for (const hour of [0, 1, 2, 3, 9, 23]) {
        const found: string[] = [];
        let slot: string | null = null;
        for (let hours = 0; hours < 120; hours += 1) {
          const next = await nextSlot(zone, hour, slot, Date.parse(from) + hours * HOUR_MS);
          if (next.due) {
            slot = next.slot;
            found.push(next.slot);
          }
        }
        const days = found.map((day) => Date.parse(day) / DAY_MS);
        expect(days, `${zone} ${hour}`).toEqual(days.map((_, index) => (days[0] ?? 0) + index));
        expect(days.length).toBeGreaterThanOrEqual(5);
      }
    }
  });

  test("R58: the day of an end is the tenant's day, at the edge of its zone and after the zone was changed", async () => {
    const member = await panel();
    const evening = await zoneAt(world.sql, 19);
    const customers = await Promise.all([endingIn(member, 10, 'Before'), endingIn(member, 10, 'After')]);
    for (const [index, { id }] of customers.entries()) {
      // A millisecond before, and exactly at, the beginning of the day after tomorrow in the zone.
      await world.sql`
        UPDATE customer SET expires_at = (date_trunc('day', now() AT TIME ZONE ${evening}) + interval '2 days') AT TIME ZONE ${evening}
          - ${1 - index}::integer * interval '1 millisecond' WHERE id = ${uuidOf(id)}`;
    }
    try {
      await setRules(member, [{ daysFromEnd: -1, hour: ((await thisHour()) + 12) % 24 }]);
      await looked(member);
      await setZone(evening);
      await looked(member);
      await setRules(member, [{ daysFromEnd: -1, hour: await thisHour() }]);
      const messages = await queueWith(member, 1);
      await looked(member);
      expect(messages.map(({ customer }) => customer.id)).toEqual([customers[0]?.id]);
    } finally {
      await setZone(noon);
    }
  });

  test('R58: a message due late in the evening stays in the list after midnight, until it is six hours late', async () => {
    const member = await panel();
    const customer = await endingIn(member, 1);
    try {
      await setZone(await zoneAt(world.sql, 2));
      await world.sql`
        UPDATE customer SET expires_at = ${await firstHour(world.sql)} WHERE id = ${uuidOf(customer.id)}`;
      await setRules(member, [{ daysFromEnd: -1, hour: 23 }]);
      const [message] = await queueWith(member, 1);
      expect(message?.customer.id).toBe(customer.id);
      expect((await queueOf(member)).waiting).toBe(1);
      // By the calendar it belongs to yesterday.
      const day = new Date();
      expect((await queueOf(member, day)).messages).toEqual([]);
      expect((await queueOf(member, new Date(day.getTime() - DAY_MS))).messages).toHaveLength(1);
      // A sent message is shown where it was ticked.
      await mark(member, message?.id ?? '');
      expect(await queueOf(member)).toMatchObject({ messages: [{ id: message?.id }], waiting: 0 });
    } finally {
      await setZone(noon);
    }
  });

  test('R58: a preview has the values of the customer whose service ends next', async () => {
    const member = await panel();
    await endingIn(member, 9, 'Later Souza');
    await endingIn(member, 4, 'Soon Silva');
    const ask = '{ viewer { reminderFields { name example } } }';
    const { viewer } = await world.client.query(member, ask);
    const fields = Object.fromEntries(viewer.reminderFields.map(({ example, name }) => [name, example]));
    expect(fields).toMatchObject({ nome: 'Soon', name: 'Soon', dias: '4', telas: '1' });
    expect(fields.login).toMatch(/^\S+$/);
  });

  test('R43: a support session sees only the template, and no link', async () => {
    const member = await panel();
    await endingIn(member, 0.001);
    await setRules(member, [{ daysFromEnd: 0, hour: await thisHour(), template: '{nome} {login}' }]);
    await queueWith(member, 1);
    const open = `mutation ($input: OpenSupportSessionInput!) { done: openSupportSession(input: $input) {
      ... on OpenSupportSessionPayload { token }
    } }`;
    const input = { resellerId: member.id, reason: 'to look' };
    const { done } = await world.client.data<{ done: { token: string } }>(world.demo.root.token, open, { input });
    expect(await queueWith(done, 1)).toMatchObject([{ text: '{nome} {login}', whatsappUrl: null }]);
  });
});
