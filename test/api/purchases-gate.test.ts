import { afterAll, beforeAll, expect, test } from 'vitest';
import { asPlatform, order } from '../support/worlds/buying.ts';
import { OBJECT_FIELDS } from './gate-rules.ts';
import { BUYING_ANSWERS, namesOf, selection } from './gate-witnesses.ts';
import { GateWorld } from './gate-world.ts';

let world: GateWorld;

beforeAll(async () => {
  world = await GateWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

test('every field of every payload about buying is returned to the caller, even to a locked buyer', async () => {
  const { ana, platform, zero } = world.demo;
  const client = world.both.interpreting;
  const proven: string[] = [];
  const answered = async (token: string, type: string, field: string) => {
    const all = selection(type, namesOf(OBJECT_FIELDS[type], 'answer'));
    const { data, errors, text } = await world.ask(token, `mutation { answer: ${field} { __typename ... on ${type} ${all} } }`);
    expect(errors, text).toEqual([]);
    expect(data, text).toMatchObject({ answer: { __typename: type } });
    proven.push(type);
  };
  const list = 'setCreditPackages(input: { currency: "BRL", packages: [{ quantity: 10, unitPriceMinor: 100 }] })';
  await answered(ana.token, 'SetCreditPackagesPayload', list);
  await answered(
    ana.token,
    'SetPaymentProviderPayload',
    'setPaymentProvider(input: { mercadoPago: { enabled: false, pixKey: "k@pix.test" } })',
  );
  await answered(ana.token, 'SetSellerCardPayload', 'setSellerCard(input: { name: "Ana", pixKey: "k@pix.test" })');
  await answered(zero.token, 'BuyCreditsPayload', 'buyCredits(input: { quantity: 10, idempotencyKey: "gate" })');
  const { id: unwanted } = await order(client, zero.token, { quantity: 11, idempotencyKey: 'unwanted' });
  await answered(zero.token, 'CancelPurchasePayload', `cancelPurchase(input: { purchaseId: "${unwanted}" })`);
  await order(client, zero.token, { quantity: 12, idempotencyKey: 'wanted' });
  const { id: paid } = await order(client, zero.token, { quantity: 13, idempotencyKey: 'said to be paid' });
  await answered(zero.token, 'ReportPaymentPayload', `reportPayment(input: { purchaseId: "${paid}" })`);
  const { id } = await asPlatform(client, platform, 'zero');
  await answered(platform, 'ConfirmPurchasePayload', `confirmPurchase(input: { purchaseId: "${id}" })`);
  await answered(platform, 'ChargeBackPurchasePayload', `chargeBackPurchase(input: { purchaseId: "${id}", reason: "r" })`);
  expect(proven.sort()).toEqual([...BUYING_ANSWERS].sort());
});
