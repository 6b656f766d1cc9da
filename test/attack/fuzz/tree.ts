/** Plants tenants for the fuzzer through the API. */

import { until } from '../../support/until.ts';
import { FUZZ_PASSWORD } from './values.ts';

/** Sends an operation to the JSON handler, from an address of its own. If `query` selects the code of a refusal, throws it. */
export async function say(origin: string, token: string | null, query: string, from = '10.255.0.1'): Promise<unknown> {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-forwarded-for': from };
  if (token !== null) headers.authorization = `Bearer ${token}`;
  // Another worker may sign in the same user, and a slow machine may refuse one of them.
  const text = await until(async () => {
    const response = await fetch(`${origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    const answer = await response.text();
    return answer.includes('"code":"OVERLOADED"') ? undefined : answer;
  });
  if (text.includes('"code":')) throw new Error(`${query.slice(0, 200)}: ${text}`);
  return JSON.parse(text);
}

/** The first string under a name, at any depth. */
function textNamed(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, below] of Object.entries(value)) {
    const found = key === name && typeof below === 'string' ? below : textNamed(below, name);
    if (found !== null) return found;
  }
  return null;
}

let signIns = 0;

/** Returns null if this user may no longer sign in. */
export async function signIn(origin: string, email: string, password = FUZZ_PASSWORD): Promise<string | null> {
  signIns += 1;
  const from = `10.254.${Math.floor(signIns / 250) % 250}.${signIns % 250}`;
  const answer = await say(
    origin,
    null,
    `mutation { signIn(input: { email: "${email}", password: "${password}" }) { ... on SignInPayload { token } } }`,
    from,
  );
  return textNamed(answer, 'token');
}

let planted = 0;

/** Creates a tenant with panels below its root, prices, and credits. Returns the e-mails of its owners. */
export async function plantTree(origin: string, platform: string): Promise<readonly string[]> {
  planted += 1;
  const name = `tree${planted}`;
  const payload = '{ reseller { id } }';
  const made = await say(
    origin,
    platform,
    `mutation { createTenant(input: { name: "${name}", ownerEmail: "${name}@root.test", ownerPassword: "${FUZZ_PASSWORD}", idempotencyKey: "${name}" }) {
      ... on CreateTenantPayload ${payload} } }`,
  );
  const id = textNamed(made, 'id');
  if (id === null) throw new Error(`no tenant was made: ${JSON.stringify(made)}`);
  const price = 'packages: [{ quantity: 10, unitPriceMinor: 100 }]';
  await say(
    origin,
    platform,
    `mutation { issueCredits(input: { resellerId: "${id}", amount: 100000, idempotencyKey: "${name} issue" }) { __typename ... on Error { code } }
      setCreditPackages(input: { currency: "BRL", ${price} }) { __typename ... on Error { code } } }`,
  );
  const root = await signIn(origin, `${name}@root.test`);
  if (root === null) throw new Error('the owner of a new tenant cannot sign in');
  await say(
    origin,
    root,
    `mutation { setTenantPolicy(input: { reclaimAllowed: true, refundPolicy: UNUSED_PERIODS, purchaseSource: PARENT }) { __typename ... on Error { code } }
      setCreditPackages(input: { currency: "BRL", ${price} }) { __typename ... on Error { code } }
      activateCustomer(input: { name: "M", periods: 3, screens: 2, idempotencyKey: "c" }) { __typename ... on Error { code } }
      startTrial(input: { name: "T", contact: "t", idempotencyKey: "t" }) { __typename ... on Error { code } } }`,
  );
  const emails = [`${name}@root.test`];
  let parent = root;
  for (const level of ['upper', 'lower']) {
    const email = `${level}@${name}.test`;
    const grant = level === 'upper' ? 5_000 : 500;
    const create = `createReseller(input: { name: "${level}", email: "${email}", password: "${FUZZ_PASSWORD}", initialCredits: ${grant}, idempotencyKey: "g" })`;
    await say(origin, parent, `mutation { ${create} { __typename ... on Error { code } } }`);
    const token = await signIn(origin, email);
    if (token === null) throw new Error('the owner of a new panel cannot sign in');
    parent = token;
    emails.push(email);
  }
  return emails;
}
