import { POLICY_FIELDS } from '../../../src/kernel/policy.ts';
import type { Client } from '../clients/api.ts';
import { mutationDocument, type Selections } from '../clients/mutation-document.ts';

/** The answer of a mutation: a payload's fields, or the code of a refusal. */
export interface Answered {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly minimum?: number;
  readonly reserve?: number;
  readonly balanceAfter?: number;
  readonly replayed?: boolean;
  readonly fields?: readonly { readonly path: string }[];
  readonly reseller?: { readonly id: string; readonly name: string; readonly status: string; readonly statusReason: string | null };
  readonly transfer?: { readonly kind: string; readonly amount: number; readonly memo: string | null } | null;
  readonly from?: { readonly id: string; readonly balance: number };
  readonly to?: { readonly id: string; readonly balance: number } | null;
  readonly policy?: Readonly<Record<string, unknown>>;
}

/** What is asked of an answer, by the names of its fields. */
const ANSWERS: Selections = {
  ...{ code: '', message: '', minimum: '', reserve: '', balanceAfter: '', replayed: '' },
  fields: '{ path }',
  reseller: '{ id name status statusReason }',
  transfer: '{ kind amount memo }',
  from: '{ id balance }',
  to: '{ id balance }',
  policy: `{ ${POLICY_FIELDS.join(' ')} }`,
};

/** Calls a mutation by its name; what it answers is selected. */
export async function call(client: Client, token: string, mutation: string, input: object): Promise<Answered> {
  const { done } = await client.data<{ done: Answered }>(token, mutationDocument(mutation, ANSWERS), { input });
  return done;
}

/** What a call came to: the code of a refusal, or the payload's type. */
export function outcomeOf({ __typename, code }: Answered): string {
  return code ?? __typename;
}
