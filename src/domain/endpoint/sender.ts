/** Posts one message to one address, within the limits of R51. */

import type { Agent } from 'undici';
import type { AddressRules } from './address-rules.ts';
import { type Signed, signatureOf } from './signature.ts';

/** The time from resolving the name to the end of the response. */
export const ATTEMPT_TIMEOUT_MS = 10_000;
/** The limit of a response's body, which is ignored. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;

interface OutgoingMessage extends Signed {
  readonly url: string;
  /** All secrets that are valid now. */
  readonly secrets: readonly string[];
}

/** The response's status, or a code for the failure. */
type Answer = { readonly kind: 'answered'; readonly status: number } | { readonly kind: 'failed'; readonly why: string };
/** withdrawn: the message was not sent, because it no longer applies. */
export type Attempt = Answer | { readonly kind: 'withdrawn' };

export interface Sender {
  /** Never throws. `signal` aborts the attempt. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<Answer>;
}

export function createSender(rules: AddressRules, timeoutMs = ATTEMPT_TIMEOUT_MS): Sender {
  return {
    async send({ secrets, url, ...message }, signal) {
      // The URL's text is checked again: the rules may have changed, and an IP address in it is never resolved.
      if (rules.refuseUrl(url) !== null) return { kind: 'failed', why: 'ADDRESS_REFUSED' };
      // Loaded at the first attempt, because nothing at start-up needs it.
      const undici = await import('undici');
      const bound = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const agent = pinnedAgent(undici, rules, timeoutMs);
      try {
        const { body, statusCode } = await undici.request(url, {
          method: 'POST',
          dispatcher: agent,
          signal: bound,
          headers: {
            'content-type': 'application/json',
            'user-agent': 'Revenda-Webhooks/1',
            'webhook-id': message.id,
            'webhook-timestamp': String(message.timestamp),
            'webhook-signature': signatureOf(message, secrets),
          },
          body: message.body,
        });
        // Only the status counts, however the rest of the response ends.
        await body.dump({ limit: MAX_ANSWER_BYTES, signal: bound }).catch(() => {});
        return { kind: 'answered', status: statusCode };
      } catch (error) {
        return { kind: 'failed', why: bound.aborted ? 'TIMEOUT' : codeOf(error) };
      } finally {
        agent.destroy().catch(() => {});
      }
    },
  };
}

/**
 * An agent for one attempt. The name is resolved once, its addresses are checked, and the connection uses exactly these addresses. No
 * redirect is followed: undici does so only if an interceptor is added.
 */
function pinnedAgent(undici: Pick<typeof import('undici'), 'Agent'>, rules: AddressRules, timeoutMs: number): Agent {
  return new undici.Agent({
    allowH2: false,
    connections: 1,
    pipelining: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: {
      timeout: timeoutMs,
      lookup: (name, { all }, answer) => {
        rules.resolve(name).then(
          (addresses) => {
            const [first] = addresses;
            if (all) answer(null, [...addresses]);
            else answer(null, first?.address ?? '', first?.family);
          },
          (error) => answer(error, ''),
        );
      },
    },
  });
}

const MAX_CODE_CHARACTERS = 60;

/** The error's code, without any text of a server or resolver. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'FAILED';
  return code.slice(0, MAX_CODE_CHARACTERS);
}
