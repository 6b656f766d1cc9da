/** An HTTP client with a time-out, which all callers of the soak use. */

export interface Payload {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly replayed?: boolean;
  readonly transfer?: { readonly id: string } | null;
  readonly customer?: { readonly id: string };
  readonly purchase?: { readonly id: string };
  readonly results?: readonly Payload[];
  /** The secret of a webhook endpoint. */
  readonly secret?: string;
}

export type Reply =
  | { readonly kind: 'answered'; readonly payload: Payload }
  /** OVERLOADED: nothing was done, or the outcome is unknown. */
  | { readonly kind: 'overloaded'; readonly retryAfterMs: number }
  /** Another top-level error. */
  | { readonly kind: 'failed'; readonly code: string }
  /** No answer: the connection was refused or cut, or the answer was late. */
  | { readonly kind: 'nothing' };

interface Body {
  readonly data?: { readonly result: Payload | null } | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterSeconds?: number };
  }[];
}

const MS_PER_SECOND = 1_000;

/** Sends an operation whose only field has the alias `result`. Never rejects. */
export async function ask(origin: string, token: string, query: string, variables: object, timeoutMs: number): Promise<Reply> {
  try {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return replyOf(JSON.parse(await response.text()));
  } catch {
    return { kind: 'nothing' };
  }
}

function replyOf({ data, errors }: Body): Reply {
  if (data?.result) return { kind: 'answered', payload: data.result };
  const [error] = errors ?? [];
  const code = error?.extensions?.code ?? 'NONE';
  if (code === 'OVERLOADED') return { kind: 'overloaded', retryAfterMs: (error?.extensions?.retryAfterSeconds ?? 1) * MS_PER_SECOND };
  return { kind: 'failed', code };
}

/** The row's id from an id as clients see it: base64url of one byte for the type, then the row's id. */
export function rowOf(id: string): string {
  const hex = Buffer.from(id, 'base64url').toString('hex', 1, 17);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
