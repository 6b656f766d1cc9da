/** Serves customers' pages below /r (R53), and opens their payments (R54). */

import { openPayment } from '../../../domain/customer-payment/open-payment.ts';
import { wayToPay } from '../../../domain/customer-payment/way-to-pay.ts';
import type { Ports } from '../../../domain/ports.ts';
import type { LinkGuesses } from '../../../domain/renewal/link-guesses.ts';
import { planPixCode } from '../../../domain/renewal/plan-pix.ts';
import { isToken } from '../../../domain/renewal/renewal-link.ts';
import { renewalPage } from '../../../domain/renewal/renewal-page.ts';
import { Overloaded, RateLimited } from '../../../kernel/errors.ts';
import type { Logger } from '../../../kernel/log.ts';
import type { Exchange } from '../../http/exchange.ts';
import { PAGE_CONTENT_POLICY } from './html.ts';
import { type Chosen, messageHtml, renewalHtml } from './page.ts';
import { wordsFor } from './words.ts';
import type { PageWords } from './words-pt.ts';

/** A customer's page is at this path, followed by its token. */
export const RENEWAL_ROOT = '/r/';
export const RENEWAL_METHODS = 'GET, HEAD, POST, OPTIONS';
/** The page's own form sends only a plan's id. */
export const RENEWAL_BODY_BYTES = 1_000;

/** How often the page of a waiting payment reloads, by the Refresh header: the page has no scripts. */
const RELOAD_SECONDS = '15';
/** When a request may be repeated that the database could not serve. */
const BUSY_RETRY_SECONDS = '5';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `form` is the posted body, or null when the page is requested. */
export type RenewalHandler = (exchange: Exchange, path: string, form: string | null) => void;

/** `guesses` counts wrong tokens. `isUnavailable`: whether an error only means that the database is unavailable. */
export function createRenewalHandler(
  ports: Pick<Ports, 'sql' | 'directory' | 'secrets' | 'payments' | 'customerPaymentsChanged'>,
  guesses: LinkGuesses,
  isUnavailable: (error: unknown) => boolean,
  log: Logger,
): RenewalHandler {
  async function answer(exchange: Exchange, path: string, form: string | null, words: PageWords): Promise<void> {
    const { address } = exchange;
    await guesses.admit(address);
    const token = path.slice(RENEWAL_ROOT.length);
    const isKnown =
      isToken(token) && (form === null ? await show(exchange, path, token, words) : await open(exchange, path, token, form, words));
    if (isKnown) return;
    await guesses.wrong(address);
    sendPage(exchange, 404, messageHtml(words, words.unknown, words.unknownText));
  }

  /** Sends the page. Returns false if the token is unknown. */
  async function show(exchange: Exchange, path: string, token: string, words: PageWords): Promise<boolean> {
    const { searchParams } = new URL(exchange.request.url ?? '/', 'http://localhost');
    const page = await renewalPage(ports, token, idIn(searchParams.get('payment')));
    if (page === null) return false;
    const { payment } = page;
    const way = payment && (await wayToPay(ports, payment, addressOf(path, payment.id), true));
    const chosen: Chosen | null = payment && { ...payment, way, pixCode: await planPixCode(page.card, payment) };
    const isWaiting = chosen?.status === 'PENDING' || chosen?.status === 'PAID_UNFUNDED';
    sendPage(exchange, 200, renewalHtml(page, words, path, chosen), isWaiting ? ['refresh', RELOAD_SECONDS] : []);
    return true;
  }

  /** Redirects to the page of the plan's payment; a repeated request gets the same one. Returns false if the token is unknown. */
  async function open(exchange: Exchange, path: string, token: string, form: string, words: PageWords): Promise<boolean> {
    const planId = idIn(new URLSearchParams(form).get('plan'));
    const opened = planId === null ? null : await openPayment(ports, token, planId);
    if (opened?.kind === 'unknown') return false;
    // The token of a form without a plan has not been checked yet.
    if (opened === null && (await renewalPage(ports, token)) === null) return false;
    if (opened?.kind === 'refused') sendPage(exchange, 409, messageHtml(words, words.tooMuch, words.tooMuchText, path));
    else {
      // The page would also ask the provider, but not while that provider is silent for another customer.
      if (opened?.kind === 'opened') await wayToPay(ports, opened, addressOf(path, opened.id), false);
      sendElsewhere(exchange, opened?.kind === 'opened' ? `${path}?payment=${opened.id}` : path);
    }
    return true;
  }

  /** The address to which a provider's page sends the customer back. */
  function addressOf(path: string, paymentId: string): string {
    return `${ports.payments.publicUrl}${path}?payment=${paymentId}`;
  }

  return (exchange, path, form) => {
    const words = wordsFor(exchange.request.headers['accept-language']);
    answer(exchange, path, form, words).catch((error: unknown) => {
      if (error instanceof RateLimited) {
        const wait = ['retry-after', String(error.retryAfterSeconds)];
        sendPage(exchange, 429, messageHtml(words, words.tooMany, words.tooManyText), wait);
        return;
      }
      const { requestId } = exchange;
      if (error instanceof Overloaded || isUnavailable(error)) {
        log.warn({ err: error, requestId }, "the database is not available for a customer's page");
        const wait = ['retry-after', BUSY_RETRY_SECONDS];
        sendPage(exchange, 503, messageHtml(words, words.notNow, words.notNowText, form === null ? null : path), wait);
        return;
      }
      log.error({ err: error, requestId }, "a customer's page failed");
      exchange.send(500, 'text/plain', 'It failed.\n');
    });
  };
}

function idIn(text: string | null): string | null {
  return text !== null && UUID.test(text) ? text : null;
}

function sendElsewhere(exchange: Exchange, location: string): void {
  exchange.response.writeHead(303, [...exchange.headers(), 'location', location, 'content-length', '0']).end();
}

/** The page is never cached, indexed by search engines, or named to the sites that it links to. */
function sendPage(exchange: Exchange, status: number, html: string, extra: readonly string[] = []): void {
  const body = Buffer.from(html);
  const headers = exchange.headers();
  headers.push('content-security-policy', PAGE_CONTENT_POLICY, 'x-robots-tag', 'noindex, nofollow');
  headers.push('content-type', 'text/html; charset=utf-8', 'vary', 'accept-language', 'content-length', String(body.length), ...extra);
  exchange.response.writeHead(status, headers).end(body);
}
