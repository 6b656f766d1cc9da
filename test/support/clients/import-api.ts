/** Helpers to upload, preview and read imports. */

import type { Import, ImportProblem } from '../gql/schema.ts';
import { until } from '../until.ts';
import type { Client } from './api.ts';
import type { Seen } from './mutation.ts';

export interface ImportNow extends Seen<Import> {
  readonly problems: { readonly edges: readonly { readonly node: Seen<ImportProblem> }[] };
}

/** The selection of an import, in braces. */
export const IMPORT = '{ ...Import problems(first: 100) { edges { node { ...ImportProblem } } } }';

export interface Uploaded {
  readonly status: number;
  readonly id: string;
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Posts a table as text/csv, with its parameters in the URL. */
export function upload(
  client: Client,
  token: string | null,
  file: string | Buffer | ReadableStream,
  parameters: Record<string, string> = {},
): Promise<Uploaded> {
  const headers: Record<string, string> = { 'content-type': 'text/csv' };
  return post(client, token, headers, file, parameters);
}

/** Posts a table as a browser's form does. */
export function uploadForm(
  client: Client,
  token: string,
  file: string,
  fields: Record<string, string>,
  fileName = 'list.csv',
): Promise<Uploaded> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([file], { type: 'text/csv' }), fileName);
  return post(client, token, {}, form, {});
}

async function post(
  client: Client,
  token: string | null,
  headers: Record<string, string>,
  body: BodyInit | Buffer,
  parameters: Record<string, string>,
): Promise<Uploaded> {
  const authorization: Record<string, string> = token === null ? { 'x-requested-with': 'test' } : { authorization: `Bearer ${token}` };
  const address = `${client.origin}/import?${new URLSearchParams(parameters)}`;
  const sent = Buffer.isBuffer(body) ? new Uint8Array(body) : body;
  const response = await fetch(address, {
    method: 'POST',
    headers: { ...headers, ...authorization },
    body: sent,
    duplex: 'half',
  } as RequestInit);
  const answer = JSON.parse(await response.text());
  const [error] = answer.errors ?? [];
  return { status: response.status, id: answer.id ?? '', code: error?.extensions?.code, message: error?.message };
}

export async function importNow(client: Client, token: string, id: string): Promise<ImportNow | null> {
  const { node } = await client.query(token, `query ($id: ID!) { node(id: $id) { ... on Import ${IMPORT} } }`, {
    id,
  });
  return node;
}

/** Waits until the server no longer reads or commits the import, and returns it. */
export async function settled(client: Client, token: string, id: string): Promise<ImportNow> {
  // Only the status, because a test counts how many rows are read.
  await until(async () => {
    const { node } = await client.query(token, 'query ($id: ID!) { node(id: $id) { ... on Import { status } } }', { id });
    return node !== null && node.status !== 'READING' && node.status !== 'COMMITTING';
  });
  const now = await importNow(client, token, id);
  if (now === null) throw new Error('the import is gone');
  return now;
}

/** Uploads a table and waits for its preview. */
export async function preview(
  client: Client,
  token: string,
  file: string | Buffer,
  parameters: Record<string, string> = {},
): Promise<ImportNow> {
  const { id, message, status } = await upload(client, token, file, parameters);
  if (status !== 202) throw new Error(message);
  return settled(client, token, id);
}

/** The line, column and message of each problem. */
export function problemsOf({ problems }: ImportNow): [number, string | null, string][] {
  return problems.edges.map(({ node }) => [node.line, node.column, node.message]);
}
