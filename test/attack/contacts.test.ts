import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CustomersWorld, customerOf, uuidOf } from '../support/clients/customers-api.ts';
import { type Member, plantPanel } from '../support/worlds/demo.ts';

let world: CustomersWorld;
let panel: Member;
let sibling: Member;
let panels = 0;

beforeAll(async () => {
  world = await CustomersWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

beforeEach(async () => {
  panels += 1;
  panel = await plantPanel(world.client, world.demo.root, `contact${panels}@demo.test`, 20);
  sibling = await plantPanel(world.client, world.demo.root, `sibling${panels}@demo.test`, 20);
});

const try_ = async (member: Member, contact: string) => {
  const { code, customer } = await world.client.mutate(member, 'startTrial', { name: 'Try', contact });
  return code ?? (customer ? 'STARTED' : 'NOTHING');
};

describe('one contact has one trial (R24)', () => {
  test('however a telephone number is wrapped, and whichever panel of the tenant asks', async () => {
    expect(await try_(panel, '+55 47 99123-4567')).toBe('STARTED');
    const forms = [
      '+55 47 9123-4567',
      'https://wa.me/5547991234567',
      'tel:+5547991234567',
      '554791234567@s.whatsapp.net',
      'Ana <47 99123-4567>',
    ];
    for (const form of forms) expect(await try_(sibling, form), form).toBe('TRIAL_ALREADY_USED');
  });

  test('however an e-mail is wrapped and its domain spelled', async () => {
    expect(await try_(panel, 'x@münchen.test')).toBe('STARTED');
    for (const form of ['mailto:x@xn--mnchen-3ya.test', 'X <X+1@MÜNCHEN.test.>']) {
      expect(await try_(sibling, form), form).toBe('TRIAL_ALREADY_USED');
    }
  });

  test('even if all its spellings ask at once', async () => {
    const forms = ['+55 48 99123-4567', '48 9123-4567', 'wa.me/5548991234567', 'tel:48991234567', '5548991234567@c.us'];
    const answers = await Promise.all(forms.flatMap((form) => [panel, sibling].map((member) => try_(member, form))));
    expect(answers.filter((answer) => answer === 'STARTED')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'TRIAL_ALREADY_USED')).toHaveLength(9);
  });
});

describe('a contact that a panel of the tenant has activated gets no trial (R24)', () => {
  test('at that panel or another, in any spelling, even after its service has ended', async () => {
    const customer = customerOf(
      await world.client.mutate(panel, 'activateCustomer', { name: 'A', contact: '(31) 9123-4567', periods: 1, screens: 1 }),
    );
    await world.endsIn(customer, -1);
    for (const member of [panel, sibling]) expect(await try_(member, 'wa.me/5531991234567')).toBe('TRIAL_ALREADY_USED');
  });

  test('after the customer got another contact, or none', async () => {
    const customer = customerOf(
      await world.client.mutate(panel, 'activateCustomer', { name: 'A', contact: 'a@moved.test', periods: 1, screens: 1 }),
    );
    await world.client.mutate(panel, 'updateCustomer', { customerId: customer.id, contact: 'b@moved.test' });
    await world.client.mutate(panel, 'updateCustomer', { customerId: customer.id, contact: null });
    for (const contact of ['a@moved.test', 'b@moved.test']) expect(await try_(sibling, contact)).toBe('TRIAL_ALREADY_USED');
  });

  test("while a contact of another tenant, or a trial's contact that was changed, is new", async () => {
    await world.client.mutate(panel, 'activateCustomer', { name: 'A', contact: 'c@moved.test', periods: 1, screens: 1 });
    expect(await try_(world.demo.other, 'c@moved.test')).toBe('STARTED');
    const trial = await world.trial(panel, 'd@moved.test');
    await world.client.mutate(panel, 'updateCustomer', { customerId: trial.id, contact: 'e@moved.test' });
    expect(await try_(sibling, 'e@moved.test')).toBe('STARTED');
  });
});

describe('the quota of trials (R24)', () => {
  test('is for any 24 hours, not for a calendar day: a trial a minute younger than 24 hours counts, one a minute older does not', async () => {
    await Promise.all(Array.from({ length: 25 }, (_, index) => world.trial(panel, `q${index}@quota${panels}.test`)));
    const moveTo = (minutes: number) => world.sql`
      UPDATE trial SET started_at = now() - ${minutes}::int * interval '1 minute' WHERE reseller_id = ${uuidOf(panel.id)}`;
    await moveTo(24 * 60 - 1);
    expect(await try_(panel, `last@quota${panels}.test`)).toBe('TRIAL_QUOTA');
    await moveTo(24 * 60 + 1);
    expect(await try_(panel, `last@quota${panels}.test`)).toBe('STARTED');
  });
});

test('R44: names and contacts that are empty, multi-line or with escapes are refused by their path, wherever they are given', async () => {
  const customer = await world.activated(panel);
  for (const bad of ['\u2800', '\u200b', 'a\u202eb', 'a\nb', '\u001b[31mred']) {
    const answers = [
      await world.client.mutate(panel, 'startTrial', { name: bad, contact: 'n@names.test' }),
      await world.client.mutate(panel, 'activateCustomer', { name: bad, periods: 1, screens: 1 }),
      await world.client.mutate(panel, 'updateCustomer', { customerId: customer.id, name: bad }),
    ];
    for (const answer of answers) expect(answer, bad).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.name' }] });
    const contact = await world.client.mutate(panel, 'updateCustomer', { customerId: customer.id, contact: bad });
    expect(contact, bad).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'input.contact' }] });
  }
  const notes = await world.client.mutate(panel, 'updateCustomer', { customerId: customer.id, notes: 'two\nlines' });
  expect(notes.customer?.notes).toBe('two\nlines');
});

test('a customer is found by a telephone number, however it was written and however it is searched', async () => {
  const names: Record<string, string> = { A: '(21) 99876-5432', B: '+55 21 98876-5432', C: 'https://wa.me/5521977765432' };
  for (const [name, contact] of Object.entries(names))
    await world.client.mutate(panel, 'activateCustomer', { name, contact, periods: 1, screens: 1 });
  const found = async (search: string) => {
    const { viewer } = await world.client.query(
      panel,
      'query ($search: String) { viewer { reseller { customers(search: $search) { edges { node { name } } } } } }',
      { search },
    );
    return viewer.reseller.customers.edges.map(({ node }) => node.name).join('');
  };
  for (const search of ['+55 21 99876-5432', '(21) 99876-5432', '9876-5432', '21 9876-5432', 'tel:+5521998765432']) {
    expect(await found(search), search).toBe('A');
  }
  expect(await found('(21) 8876-5432')).toBe('B');
  expect(await found('21 97776-5432')).toBe('C');
  expect(await found('+55 21')).toHaveLength(3);
  expect(await found('(31) 99876-5432')).toBe('');
});
