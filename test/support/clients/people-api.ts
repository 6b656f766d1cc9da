/** Helpers for users, sessions and API keys. */

import { expect } from 'vitest';
import type { Role } from '../gql/schema.ts';
import { type Client, PASSWORD } from './api.ts';
import type { Answered } from './mutation.ts';

export function signIn(client: Client, email: string, otp?: string, password = PASSWORD): Promise<Answered<'signIn'>> {
  return client.mutate(null, 'signIn', { email, password, ...(otp === undefined ? {} : { otp }) });
}

/** Creates an API key of scope SERVICE as an owner of a root panel. */
export async function serviceKeyOf(client: Client, owner: string): Promise<string> {
  const { secret } = await client.mutate(owner, 'createApiKey', { name: 'server', scope: 'SERVICE' });
  return secret ?? Promise.reject(new Error('no key'));
}

/** Invites a new user to the panel of the owner with this token, and signs the user in. */
export async function colleagueOf(
  client: Client,
  owner: string,
  email: string,
  role: Role = 'OWNER',
): Promise<{ id: string; token: string }> {
  const invited = await client.mutate(owner, 'inviteUser', { email, password: PASSWORD, role });
  expect(invited.__typename).toBe('InviteUserPayload');
  return { id: invited.user?.id ?? '', token: await client.signIn(email) };
}

/** Whether the token belongs to an open session. */
export async function isSignedIn(client: Client, token: string): Promise<boolean> {
  const { errors } = await client.ask(token, '{ viewer { role } }');
  return errors.length === 0;
}

/** The code of the document's first error, or null. */
export async function codeOf(client: Client, token: string, document: string): Promise<string | null> {
  return (await client.ask(token, document)).errors[0]?.extensions.code ?? null;
}
