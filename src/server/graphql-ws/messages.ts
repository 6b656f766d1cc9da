/** Reads the messages of graphql-transport-ws that a client may send. */

/** The messages of graphql-transport-ws that a client may send, checked by the protocol's rules. */
export type ClientMessage =
  | { readonly type: 'connection_init'; readonly payload: Record<string, unknown> | undefined }
  | { readonly type: 'ping'; readonly payload: Record<string, unknown> | undefined }
  | { readonly type: 'pong' }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: SubscribePayload }
  | { readonly type: 'complete'; readonly id: string };

/** Checked only for the protocol's form. params.ts checks the rest of the GraphQL request, and answers problems in an error frame. */
export interface SubscribePayload {
  /** Undefined when a persisted query is requested. */
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown> | undefined;
  readonly extensions: Record<string, unknown> | undefined;
}

/** Returns null if the text is not a message of the protocol. */
export function readMessage(text: string): ClientMessage | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(message)) return null;
  const { id, type } = message;
  const payload = message.payload ?? undefined;
  switch (type) {
    case 'connection_init':
    case 'ping':
      return payload === undefined || isObject(payload) ? { type, payload } : null;
    case 'pong':
      return payload === undefined || isObject(payload) ? { type } : null;
    case 'complete':
      return isId(id) ? { type, id } : null;
    case 'subscribe': {
      const subscription = isId(id) ? subscribePayload(payload) : null;
      return subscription && { type, id: String(id), payload: subscription };
    }
    default:
      return null;
  }
}

/** The id has a limit, because every event of an operation repeats it. */
const LONGEST_ID = 1_000;

function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= LONGEST_ID;
}

function subscribePayload(payload: unknown): SubscribePayload | null {
  if (!isObject(payload)) return null;
  const query = payload.query ?? undefined;
  const operationName = payload.operationName ?? undefined;
  const variables = payload.variables ?? undefined;
  const extensions = payload.extensions ?? undefined;
  if (operationName !== undefined && typeof operationName !== 'string') return null;
  if (variables !== undefined && !isObject(variables)) return null;
  if (extensions !== undefined && !isObject(extensions)) return null;
  if (query !== undefined && typeof query !== 'string') return null;
  if (query === undefined && extensions?.persistedQuery == null) return null;
  return { query, operationName, variables, extensions };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
