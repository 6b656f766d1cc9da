import { type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import type { Api } from '../support/clients/api.ts';
import { PRICES, setPrices } from '../support/worlds/buying.ts';
import { type Demo, platformIdOf } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';
import { HEALTHY, healthOf, LedgerReader, SOUND } from './ledger-reader.ts';

let api: Api;
let demo: Demo;
let ledger: LedgerReader;
/**
 * A customer and a child panel of Ana's, the root's id as the platform sees it, and inputs that are valid except for
 * one number.
 */
let inputs: Readonly<Record<string, object>>;

beforeAll(async () => {
  ({ api, demo } = await startDemo());
  const { client } = api;
  ledger = LedgerReader.open(api.databaseUrl);
  await setPrices(client, demo.platform, PRICES);
  await client.data(demo.root.token, 'mutation { setTenantPolicy(input: { reclaimAllowed: true }) { __typename } }');
  const { made } = await client.data<{ made: { customer: { id: string } } }>(
    demo.ana.token,
    `mutation { made: activateCustomer(input: { name: "M", periods: 3, screens: 2, idempotencyKey: "first" }) {
      ... on ActivateCustomerPayload { customer { id } } } }`,
  );
  const { told } = await client.data<{ told: { endpoint: { id: string } } }>(
    demo.ana.token,
    `mutation { told: createWebhookEndpoint(input: { url: "https://hooks.test", events: [ACCESS_RESET] }) {
      ... on CreateWebhookEndpointPayload { endpoint { id } } } }`,
  );
  inputs = goodInputs(made.customer.id, demo.bruno.id, await platformIdOf(client, demo.platform, 'root'), told.endpoint.id);
});

afterAll(async () => {
  await ledger[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const KEY = { idempotencyKey: 'attack' };
/** Replaced by the bad value. */
const HOLE = '…';

/**
 * By the number's place in an input: an input that is accepted with a good number there. A number without a line here
 * fails the first test.
 */
function goodInputs(customerId: string, child: string, root: string, endpoint: string): Readonly<Record<string, object>> {
  const order = { toResellerId: child, ...KEY };
  const grant = { name: 'n', email: 'attack@demo.test', password: '1234567890', ...KEY };
  const plan = (more: object) => ({ currency: 'BRL', plans: [{ name: 'n', periods: 1, screens: 1, priceMinor: 1, ...more }] });
  const reminder = (more: object) => ({ rules: [{ hour: 9, channel: 'QUEUE', template: 't', ...more }] });
  const price = (more: object) => ({ currency: 'BRL', packages: [{ quantity: 10, unitPriceMinor: 1, ...more }] });
  return {
    'issueCredits.amount': { resellerId: root, amount: HOLE, ...KEY },
    'createReseller.initialCredits': { ...grant, initialCredits: HOLE },
    'transferCredits.amount': { ...order, amount: HOLE },
    'transferCreditsBatch.transfers.amount': { mode: 'ATOMIC', transfers: [{ ...order, amount: HOLE }] },
    'reclaimCredits.amount': { fromResellerId: child, amount: HOLE, reason: 'r', ...KEY },
    'updateReseller.reserveThreshold': { resellerId: child, reserveThreshold: HOLE },
    'setResellerLimits.maxResellers': { resellerId: child, maxResellers: HOLE },
    'setResellerLimits.maxCustomers': { resellerId: child, maxCustomers: HOLE },
    'setResellerLimits.maxTrialsPerDay': { resellerId: child, maxTrialsPerDay: HOLE },
    'setResellerLimits.maxScreensPerCustomer': { resellerId: child, maxScreensPerCustomer: HOLE },
    'startTrial.hours': { name: 'n', contact: 'attack', hours: HOLE, ...KEY },
    'activateCustomer.periods': { name: 'n', periods: HOLE, screens: 1, ...KEY },
    'activateCustomer.screens': { name: 'n', periods: 1, screens: HOLE, ...KEY },
    'renewCustomer.periods': { customerId, periods: HOLE, ...KEY },
    'renewCustomers.renewals.periods': { mode: 'ATOMIC', renewals: [{ customerId, periods: HOLE, ...KEY }] },
    'addScreens.screens': { customerId, screens: HOLE, ...KEY },
    'setNextScreens.screens': { customerId, screens: HOLE },
    'buyCredits.quantity': { quantity: HOLE, ...KEY },
    // An unknown id: the number is checked before it.
    'chargeBackPurchase.quantity': { purchaseId: child, reason: 'r', quantity: HOLE },
    'setCreditPackages.packages.quantity': price({ quantity: HOLE }),
    'setCreditPackages.packages.unitPriceMinor': price({ unitPriceMinor: HOLE }),
    'setPlans.plans.periods': plan({ periods: HOLE }),
    'setPlans.plans.screens': plan({ screens: HOLE }),
    'setPlans.plans.priceMinor': plan({ priceMinor: HOLE }),
    'setReminderRules.rules.daysFromEnd': reminder({ daysFromEnd: HOLE }),
    'setReminderRules.rules.trialHours': reminder({ hour: 0, trialHours: HOLE }),
    'setReminderRules.rules.hour': reminder({ hour: HOLE }),
    ...Object.fromEntries(policyNumbers().map((place) => [place, { [place.slice('setTenantPolicy.'.length)]: HOLE }])),
    'replayEvents.afterVersion': { endpointId: endpoint, afterVersion: HOLE },
  };
}

/** Every place of a number in a mutation's input. */
function numberPlaces(): string[] {
  const found: string[] = [];
  const look = (type: GraphQLInputType, path: string): void => {
    const named = getNamedType(type);
    if (['Int', 'Float', 'Credits', 'CreditsDelta', 'MinorUnits', 'Version'].includes(named.name)) found.push(path);
    if (isInputObjectType(named)) for (const field of Object.values(named.getFields())) look(field.type, `${path}.${field.name}`);
  };
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    for (const argument of field.args) look(argument.type, field.name);
  }
  return found;
}

/** Inputs with each number of the policy alone. */
function policyNumbers(): string[] {
  return numberPlaces().filter((place) => place.startsWith('setTenantPolicy.'));
}

function tokenFor(place: string): string {
  if (place.startsWith('issueCredits') || place.startsWith('setCreditPackages')) return demo.platform;
  return place.startsWith('setTenantPolicy') ? demo.root.token : demo.ana.token;
}

/** `written` is the number as it stands in the JSON of the variables. */
async function send(place: string, written: string): Promise<{ status: number; text: string; errors: readonly unknown[] }> {
  const mutation = place.split('.', 1)[0] ?? '';
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
  const query = `mutation ($input: ${type}Input!) { done: ${mutation}(input: $input) { __typename ... on Error { code } } }`;
  const body = JSON.stringify({ query, variables: { input: inputs[place] } }).replace(JSON.stringify(HOLE), written);
  return api.client.send(tokenFor(place), body);
}

/** Not a whole number of at most 53 bits. */
const NO_NUMBERS = ['-0.5', '1.5', '0.1', '"10"', '"1e3"', 'true', 'null', '[]', '{}', '{"$numberLong":"1"}'];
const TOO_LARGE = ['9007199254740992', '18446744073709551616', '1e21', '1e308', '1e999', '-9007199254740993', '-1e999'];
/** Whole numbers, but out of range at all of these places. */
const OUT_OF_BOUNDS = ['-1', '-2147483648', '4294967297', '9007199254740991'];

/** The tables that a mutation with a bad number could change, except thresholds and prices, which may have any value. */
const MOVED = ['transfer', 'entry', 'customer', 'trial', 'purchase', 'tenant'];

/** Values that make no sense, but that a panel may choose: they move nothing. */
const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  'updateReseller.reserveThreshold': ['4294967297', '9007199254740991'],
  'setCreditPackages.packages.unitPriceMinor': ['4294967297'],
  'setPlans.plans.priceMinor': ['4294967297', '9007199254740991'],
  'setReminderRules.rules.daysFromEnd': ['-1'],
  'setReminderRules.rules.trialHours': ['-1'],
};

describe('an invalid amount', () => {
  test('is tried wherever a mutation takes a number', () => {
    expect(numberPlaces().sort()).toEqual(Object.keys(inputs).sort());
  });

  test('moves nothing, in any place and spelling, and is refused as the caller’s mistake (R5)', async () => {
    const before = await ledger.fingerprint(MOVED);
    for (const place of numberPlaces()) {
      // Null is invalid where a number is required, and means "absent" where it is optional.
      const isOptional =
        place.startsWith('setTenantPolicy') ||
        place.startsWith('setResellerLimits') ||
        place === 'setReminderRules.rules.trialHours' ||
        ['updateReseller.reserveThreshold', 'chargeBackPurchase.quantity', 'replayEvents.afterVersion'].includes(place);
      for (const written of [...NO_NUMBERS, ...TOO_LARGE].filter((one) => one !== 'null' || !isOptional)) {
        const { errors, status, text } = await send(place, written);
        expect([200, 400], `${place} = ${written}`).toContain(status);
        expect(errors, `${place} = ${written}: ${text}`).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      }
      for (const written of OUT_OF_BOUNDS) {
        const isGood = ACCEPTED[place]?.includes(written) ?? false;
        const { text } = await send(place, written);
        expect(text, `${place} = ${written}`).toMatch(
          isGood
            ? /(UpdateReseller|SetCreditPackages|SetPlans|SetReminderRules)Payload/
            : /BAD_USER_INPUT|InvalidInputError|InvalidStateError|InsufficientCreditsError|BatchRefusedError/,
        );
      }
      // Allowed values of a quota, a limit, a threshold, a start version, undo minutes, and a reminder's days and hours.
      if (place.startsWith('setResellerLimits') && !place.endsWith('Customer')) continue;
      if (place === 'replayEvents.afterVersion' || place.startsWith('setReminderRules')) continue;
      if (['setTenantPolicy.trialQuota', 'setTenantPolicy.undoMinutes', 'updateReseller.reserveThreshold'].includes(place)) continue;
      expect((await send(place, '0')).text, `${place} = 0`).toMatch(/InvalidInputError|BelowMinimumError|BatchRefusedError/);
    }
    expect(await ledger.fingerprint(MOVED)).toBe(before);
    expect(await ledger.sums()).toEqual(SOUND);
    expect(await healthOf(api.client, demo.root.token)).toEqual(HEALTHY);
  });

  test('in a literal, in every spelling of GraphQL, is refused alike', async () => {
    const before = await ledger.fingerprint();
    for (const written of ['-1', '1.0', '1e1', '"1"', 'null', 'ONE', '[1]', '9007199254740992', '00', '$x', '0x10', '1_000', '']) {
      const { data, errors } = await api.client.ask(
        demo.ana.token,
        `mutation { transferCredits(input: { toResellerId: "${demo.bruno.id}", amount: ${written}, idempotencyKey: "l" }) { __typename } }`,
      );
      expect(data ?? null, written).toBeNull();
      expect(errors[0]?.extensions.code, written).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED)$/);
    }
    expect(await ledger.fingerprint()).toBe(before);
  });
});

describe('prices', () => {
  test('of 0, and totals that no number can represent, are refused; no purchase costs less than a cent', async () => {
    const { client } = api;
    const most = Number.MAX_SAFE_INTEGER;
    const refused = [
      [{ quantity: 10, unitPriceMinor: 0 }],
      [{ quantity: 10, unitPriceMinor: most }],
      [PRICES[0], { quantity: 1_000_000_000, unitPriceMinor: 900_719_926 * 100 }],
      [PRICES[0], { quantity: 20, unitPriceMinor: 0 }],
      [PRICES[0], { quantity: most, unitPriceMinor: 1 }],
    ];
    for (const packages of refused) {
      const listed = await setPrices(
        client,
        demo.platform,
        packages.filter((one) => one !== undefined),
      );
      expect(listed.code, JSON.stringify(packages)).toBe('INVALID_INPUT');
    }
    const dearest = Math.floor(most / 10);
    expect(await setPrices(client, demo.platform, [{ quantity: 10, unitPriceMinor: dearest }])).toMatchObject({
      packages: [{ totalMinor: dearest * 10 }],
    });
    const before = await ledger.fingerprint();
    for (const quantity of [11, 1_000, 1_000_000_000]) {
      const { done } = await client.data<{ done: { code?: string } }>(
        demo.root.token,
        `mutation { done: buyCredits(input: { quantity: ${quantity}, idempotencyKey: "dear ${quantity}" }) { ... on Error { code } } }`,
      );
      expect(done.code, String(quantity)).toBe('INVALID_STATE');
    }
    expect(await ledger.fingerprint()).toBe(before);
    await setPrices(client, demo.platform, PRICES);
  });
});
