/** Posts one message to one address, within R51's bounds. */

import type { Agent } from 'undici';
import type { AddressRules } from './address-rules.ts';
import { type Signed, signatureOf } from './signature.ts';

/** From the resolving of the name to the end of the answer. */
export const ATTEMPT_TIMEOUT_MS = 10_000;
/** Of an answer's body; it says nothing that matters. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;

interface OutgoingMessage extends Signed {
  readonly url: string;
  /** The secrets that are valid now. */
  readonly secrets: readonly string[];
}

/** What an address answered, or a word for why it did not. */
type Answer = { readonly kind: 'answered'; readonly status: number } | { readonly kind: 'failed'; readonly why: string };
/** withdrawn: it was not sent, for it is not true any more. */
export type Attempt = Answer | { readonly kind: 'withdrawn' };

export interface Sender {
  /** Never throws. `signal` breaks off. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<Answer>;
}

export function createSender(rules: AddressRules, timeoutMs = ATTEMPT_TIMEOUT_MS): Sender {
  return {
    async send({ secrets, url, ...message }, signal) {
      // Its text, again: the rules may have changed, and an address in it is never looked up.
      if (rules.refuseUrl(url) !== null) return { kind: 'failed', why: 'ADDRESS_REFUSED' };
      // Loaded for the first attempt: no other part of a start needs it.
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
        // The status is the answer. How the rest of it ends is of no matter.
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
 * Made for one attempt. The name is resolved once, its addresses are checked, and it is they that are connected to. No redirect is
 * followed: nothing of undici's does so unless it is added.
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

/** A code, without what a server or a resolver said. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'FAILED';
  return code.slice(0, MAX_CODE_CHARACTERS);
}
