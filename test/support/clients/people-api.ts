import { expect } from 'vitest';
import { type Answer, type Client, PASSWORD } from './api.ts';
import { mutationDocument, type Selections } from './mutation-document.ts';

/** What a mutation of people and keys answers, as far as tests look at it. */
export interface Done {
  readonly __typename: string;
  readonly code?: string;
  readonly fields?: readonly { readonly path: string }[];
  readonly user?: {
    readonly id: string;
    readonly email: string;
    readonly role: string;
    readonly disabled: boolean;
    readonly totpEnabled: boolean;
  };
  readonly oneTimePassword?: string;
  readonly endedSessions?: number;
  readonly sessionId?: string;
  readonly secret?: string;
  readonly otpauthUri?: string;
  readonly recoveryCodes?: readonly string[];
  readonly apiKey?: {
    readonly id: string;
    readonly prefix: string;
    readonly scope: string;
    readonly expiresAt: string | null;
    readonly revokedAt: string | null;
  };
  readonly token?: string;
}

/** What is asked of an answer, by the names of its fields. */
const ANSWERS: Selections = {
  ...{ code: '', oneTimePassword: '', endedSessions: '', sessionId: '', secret: '', otpauthUri: '', recoveryCodes: '', token: '' },
  fields: '{ path }',
  user: '{ id email role disabled totpEnabled }',
  apiKey: '{ id prefix scope expiresAt revokedAt }',
};

/** One mutation, by its name. */
export async function tell(client: Client, token: string | null, mutation: string, input: object): Promise<Done> {
  const { data, text } = await ask(client, token, mutation, input);
  return data?.done ?? Promise.reject(new Error(text));
}

function ask(client: Client, token: string | null, mutation: string, input: object): Promise<Answer<{ done: Done }>> {
  return client.ask<{ done: Done }>(token, mutationDocument(mutation, ANSWERS), { input });
}

export function signIn(client: Client, email: string, otp?: string, password = PASSWORD): Promise<Done> {
  return tell(client, null, 'signIn', { email, password, ...(otp === undefined ? {} : { otp }) });
}

/** A key of a service, made by an owner of a root panel. */
export async function serviceKeyOf(client: Client, owner: string): Promise<string> {
  const { secret } = await tell(client, owner, 'createApiKey', { name: 'server', scope: 'SERVICE' });
  return secret ?? Promise.reject(new Error('no key'));
}

/** A new user of the panel whose owner's token is given; signed in. */
export async function colleagueOf(client: Client, owner: string, email: string, role = 'OWNER'): Promise<{ id: string; token: string }> {
  const invited = await tell(client, owner, 'inviteUser', { email, password: PASSWORD, role });
  expect(invited.__typename).toBe('InviteUserPayload');
  return { id: invited.user?.id ?? '', token: await client.signIn(email) };
}

/** Whether the token is somebody's. */
export async function isSignedIn(client: Client, token: string): Promise<boolean> {
  const { errors } = await client.ask(token, '{ viewer { role } }');
  return errors.length === 0;
}

/** The code of the first error of the document, or null. */
export async function codeOf(client: Client, token: string, document: string): Promise<string | null> {
  return (await client.ask(token, document)).errors[0]?.extensions.code ?? null;
}
