/** What a seller may set up with a provider, and how invalid settings are refused (R39). */
import { parsePix } from 'pix-utils';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/clients/api.ts';
import type { Answered, Given } from '../support/clients/mutation.ts';
import { order, PRICES, setPrices, setProvider } from '../support/worlds/buying.ts';
import { type Demo, type Member, plantTenant } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

let api: Api;
let demo: Demo;
let buyer: Member;

beforeAll(async () => {
  // Nothing listens there, so that only a code to the seller's key remains.
  const settings = { STRIPE_API_URL: 'http://127.0.0.1:9', MERCADO_PAGO_API_URL: 'http://127.0.0.1:9' };
  ({ api, demo } = await startDemo({ settings }));
  buyer = await plantTenant(api.client, demo.platform, 'buyer@settings.test', 0);
  await setPrices(api.client, demo.platform, PRICES);
});

afterAll(() => api[Symbol.asyncDispose]());

function set(input: Given<'setPaymentProvider'>): Promise<Answered<'setPaymentProvider'>> {
  return setProvider(api.client, demo.platform, input);
}

const PIX = { merchantName: 'Loja São João', merchantCity: 'São Paulo' };

test.each([
  ['123.456.789-09', '12345678909'],
  ['(11) 98888-7777', '+5511988887777'],
  [' a@b.c\n', 'a@b.c'],
  ['12.ABC.345/01DE-35', '12ABC34501DE35'],
])('R39: the Pix key %j is stored and printed as %s', async (written, key) => {
  expect(await set({ mercadoPago: { pixKey: written, ...PIX } })).toMatchObject({ settings: { pixKey: key } });
  const purchase = await order(api.client, buyer.token, { quantity: 10, provider: 'MERCADO_PAGO', idempotencyKey: written });
  expect(parsePix(purchase.paymentInstructions ?? '')).toMatchObject({
    pixKey: key,
    merchantName: 'LOJA SAO JOAO',
    merchantCity: 'SAO PAULO',
  });
});

test('R39: a CPF that is also a mobile number is refused bare, accepted with dots, and kept when the form sends it again', async () => {
  expect(await set({ mercadoPago: { pixKey: '11988887744', ...PIX } })).toMatchObject({ settings: { pixKey: '+5511988887744' } });
  const both = '11988887763';
  expect(await set({ mercadoPago: { pixKey: both, ...PIX } })).toMatchObject({ fields: [{ path: 'input.mercadoPago.pixKey' }] });
  expect(await set({ mercadoPago: { pixKey: '119.888.877-63', ...PIX } })).toMatchObject({ settings: { pixKey: both } });
  expect(await set({ mercadoPago: { pixKey: both, ...PIX } })).toMatchObject({ settings: { pixKey: both } });
});

test.each([
  ['mercadoPago', 'pixKey', 'minha chave'],
  ['mercadoPago', 'pixKey', '123.456.789-00'],
  ['mercadoPago', 'merchantName', '日本語'],
  ['mercadoPago', 'merchantCity', '★★★'],
  ['mercadoPago', 'accessToken', 'sk_live_of_stripe'],
  ['mercadoPago', 'accessToken', 'APP_USR-0190d5a1-7b1c-7000-8000-00000000beef'],
  ['mercadoPago', 'accessToken', 'a token'],
  ['mercadoPago', 'webhookSecret', 'APP_USR-1-2-3'],
  ['mercadoPago', 'merchantName', 'Two\nlines'],
  ['stripe', 'secretKey', 'pk_live_of_stripe'],
  ['stripe', 'secretKey', 'sk_live_中文'],
  ['stripe', 'secretKey', 'sk_live_a\r\nX-Header: y'],
  ['stripe', 'secretKey', 'whsec_of_stripe'],
  ['stripe', 'secretKey', 'APP_USR-1-2-3'],
  ['stripe', 'webhookSecret', 'sk_live_of_stripe'],
  ['stripe', 'webhookSecret', 'a secret'],
])('R39: %s refuses an invalid %s by name and without repeating it', async (provider, field, value) => {
  const query = `mutation ($input: SetPaymentProviderInput!) { done: setPaymentProvider(input: $input) {
    ... on InvalidInputError { fields { path message } } } }`;
  const input = { [provider]: { enabled: false, [field]: value } };
  const { done } = await api.client.data<{ done: { fields?: { path: string; message: string }[] } }>(demo.platform, query, { input });
  expect(done.fields?.map(({ path }) => path)).toEqual([`input.${provider}.${field}`]);
  expect(JSON.stringify(done)).not.toContain(value);
});

test('R39: keys of the right kind are accepted with surrounding blanks, restricted and test keys too', async () => {
  expect(await set({ stripe: { secretKey: ' rk_live_restricted\n', webhookSecret: 'whsec_right ' } })).toMatchObject({
    settings: { enabled: true },
  });
  expect(await set({ mercadoPago: { accessToken: 'TEST-1-2-3', webhookSecret: 'abc123' } })).toMatchObject({ settings: { enabled: true } });
});
