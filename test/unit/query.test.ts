/** What the compiler infers about a query's data: `tsc` is the test (ADR-0123). */

import { expectTypeOf, test } from 'vitest';
import type { DataOf } from '../support/clients/query.ts';

test('a query’s type has its fields, aliases, lists and fragments, and unknown fields cannot be read', () => {
  type Balance = DataOf<'{ viewer { reseller { name account { balance } } } }'>;
  expectTypeOf<Balance['viewer']['reseller']>().toEqualTypeOf<{
    readonly name: string;
    readonly account: { readonly balance: number };
  }>();
  type Tried = DataOf<'query ($id: ID!) { found: customer(id: $id) { notes history(first: 2) { edges { node { amount } } } } }'>;
  expectTypeOf<Tried['found']['history']['edges'][number]['node']['amount']>().toEqualTypeOf<number>();
  expectTypeOf<Tried['found']['notes']>().toEqualTypeOf<string | null>();
  type Node = DataOf<'{ node(id: "x") { __typename ... on Purchase { number } } }'>;
  expectTypeOf<Node['node']['number']>().toEqualTypeOf<number>();
  type Spread = DataOf<'{ ledgerHealth { ok } customer(id: "x") { ...Customer } }'>;
  expectTypeOf<Spread['customer']['screens']>().toEqualTypeOf<number>();
  expectTypeOf<DataOf<'{ viewer { nothing } }'>['viewer']['nothing']>().toEqualTypeOf<unknown>();
  expectTypeOf<DataOf<`{ viewer { ${string} } }`>>().not.toBeAny();
});
