import { expect, test } from 'vitest';
import { ISSUED, lockTexts, PLATFORM_ROWS } from '../../src/ledger/statements/lock-texts.ts';
import { ONE_TENANT, SEVERAL_TENANTS } from '../../src/ledger/statements/shape.ts';

/** Every text of the first round trip, by its name. */
function textsOf(shape: typeof ONE_TENANT): [string, string][] {
  const { accounts, names, tenants, ...single } = lockTexts(shape);
  const of = (name: string, texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([mode, text]): [string, string] => [`${name} ${mode}`, text]);
  return [...of('accounts', accounts), ...of('names', names), ...of('tenants', tenants), ...Object.entries(single)];
}

const OF_ONE = [...textsOf(ONE_TENANT), ['platform rows', PLATFORM_ROWS], ['issued', ISSUED]] as const;

/** The parameters of a text, each once. */
const parametersOf = (text: string) => [...new Set(text.match(/\$\d+/g))].map((name) => Number(name.slice(1))).sort((a, b) => a - b);

test.each(OF_ONE)('%s compares the tenant of every table with the first parameter', (_name, text) => {
  expect(text).toContain('= $1::uuid');
  // Not with a list of tenants and not with another row's tenant, from which a distributed database does not
  // recognize one shard.
  for (const [, compared] of text.matchAll(/tenant_id = (\S+)/g)) expect(compared).toMatch(/^\$1::uuid\)*$/);
  const tables =
    text.match(/\b(?:FROM|JOIN) (?:account|reseller|claim|customer|customer_payment|command_key|app_user|trial|purchase|imported)\b/g) ??
    [];
  const compared = text.match(/\b(?:tenant_id) = \$1::uuid/g) ?? [];
  expect(compared.length).toBeGreaterThanOrEqual(tables.length);
});

test.each([...textsOf(SEVERAL_TENANTS), ...OF_ONE])('the parameters of %s are numbered without a gap', (_name, text) => {
  const numbers = parametersOf(text);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});
