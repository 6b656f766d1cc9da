import type { Client } from '../clients/api.ts';
import type { Answered, Given, MutationName } from '../clients/mutation.ts';

/** Calls a mutation by its name. */
export function call<Name extends MutationName>(client: Client, token: string, name: Name, input: Given<Name>): Promise<Answered<Name>> {
  return client.mutate(token, name, input);
}

/** What a call came to: the code of a refusal, or the payload's type. */
export function outcomeOf({ __typename, code }: { readonly __typename: string; readonly code?: string }): string {
  return code ?? __typename;
}
