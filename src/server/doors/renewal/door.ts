/** Serves customers' pages below /r (R53). */

import type { Ports } from '../../../domain/ports.ts';
import type { LinkGuesses } from '../../../domain/renewal/link-guesses.ts';
import { planPixCode } from '../../../domain/renewal/plan-pix.ts';
import { isToken } from '../../../domain/renewal/renewal-link.ts';
import { type RenewalPage, renewalPage } from '../../../domain/renewal/renewal-page.ts';
import { RateLimited } from '../../../kernel/errors.ts';
import type { Logger } from '../../../kernel/log.ts';
import type { Exchange } from '../../http/exchange.ts';
import { PAGE_CONTENT_POLICY } from './html.ts';
import { type Chosen, messageHtml, renewalHtml } from './page.ts';
import { wordsFor } from './words.ts';
import type { PageWords } from './words-pt.ts';

/** A customer's page is at this and its token. */
export const RENEWAL_ROOT = '/r/';
export const RENEWAL_METHODS = 'GET, HEAD, OPTIONS';

export type RenewalDoor = (exchange: Exchange, path: string) => void;

/** `guesses`: those of this process. */
export function createRenewalDoor(ports: Pick<Ports, 'sql'>, guesses: LinkGuesses, log: Logger): RenewalDoor {
  async function answer(exchange: Exchange, path: string, words: PageWords): Promise<void> {
    const { address, request } = exchange;
    await guesses.admit(address);
    const token = path.slice(RENEWAL_ROOT.length);
    const page = isToken(token) ? await renewalPage(ports.sql, token) : null;
    if (page === null) {
      await guesses.wrong(address);
      sendPage(exchange, 404, messageHtml(words, words.unknown, words.unknownText));
      return;
    }
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    sendPage(exchange, 200, renewalHtml(page, words, path, chosenOf(page, searchParams.get('plan'))));
  }

  return (exchange, path) => {
    const words = wordsFor(exchange.request.headers['accept-language']);
    answer(exchange, path, words).catch((error: unknown) => {
      if (error instanceof RateLimited) {
        const wait = ['retry-after', String(error.retryAfterSeconds)];
        sendPage(exchange, 429, messageHtml(words, words.tooMany, words.tooManyText), wait);
        return;
      }
      log.error({ err: error, requestId: exchange.requestId }, "a customer's page failed");
      exchange.send(500, 'text/plain', 'It failed.\n');
    });
  };
}

/** null: nothing was chosen, or what the panel does not offer any more: then all that it offers is shown. */
function chosenOf({ card, plans }: RenewalPage, planId: string | null): Chosen | null {
  const plan = plans.find(({ id }) => id === planId);
  return plan === undefined ? null : { ...plan, pixCode: planPixCode(card, plan) };
}

/** Nothing of it is kept by anybody, found by a search, or told to whom it links to. */
function sendPage(exchange: Exchange, status: number, html: string, extra: readonly string[] = []): void {
  const body = Buffer.from(html);
  const headers = exchange.headers();
  headers.push('content-security-policy', PAGE_CONTENT_POLICY, 'x-robots-tag', 'noindex, nofollow');
  headers.push('content-type', 'text/html; charset=utf-8', 'vary', 'accept-language', 'content-length', String(body.length), ...extra);
  exchange.response.writeHead(status, headers).end(body);
}
