/** Writes a customer's page as HTML (R53). */

import type { Payment } from '../../../domain/customer-payment/payments.ts';
import type { WayToPay } from '../../../domain/customer-payment/way-to-pay.ts';
import type { Plan } from '../../../domain/plan/plans.ts';
import type { RenewalPage } from '../../../domain/renewal/renewal-page.ts';
import { escaped, htmlPage } from './html.ts';
import { qrSvg } from './qr.ts';
import type { PageWords } from './words-pt.ts';

/** A period has 30 days, and every choice of periods shows the days (R2). */
const PERIOD_DAYS = 30;

/** Longer codes can be copied but are not drawn, which would make the page too large. Providers' codes have about 200 characters. */
const MAX_DRAWN_CHARACTERS = 512;

/** The payment that the page shows, open or paid. */
export interface Chosen extends Payment {
  /** Payment by the panel's provider, or null if it has none. */
  readonly way: WayToPay | null;
  /** A code for the Pix key on the seller's card. Null if there is no key: then customer and panel agree how to pay. */
  readonly pixCode: string | null;
}

/** `path` is the page's own path. */
export function renewalHtml(page: RenewalPage, words: PageWords, path: string, chosen: Chosen | null): string {
  const panel = page.card?.name ?? page.panelName;
  const body = [
    `<h1>${escaped(panel)}</h1>`,
    `<section class="box"><p>${escaped(words.hello(page.firstName))}</p><p>${escaped(standing(page, words))}</p></section>`,
    chosen === null ? openHtml(page, words, path) + plansHtml(page, words, path) : paymentHtml(chosen, page, words, path),
    cardHtml(page, words, chosen?.way?.instructions == null),
  ];
  return htmlPage(words.lang, words.title(panel), body.join(''));
}

/** `back` is the page to return to, or null. */
export function messageHtml(words: PageWords, title: string, text: string, back: string | null = null): string {
  const link = back === null ? '' : `<p><a href="${back}">${escaped(words.back)}</a></p>`;
  return htmlPage(words.lang, title, `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>${link}`);
}

function standing({ expiresAt, isTrial, now, timeZone }: RenewalPage, words: PageWords): string {
  const day = new Intl.DateTimeFormat(words.lang, { timeZone, dateStyle: 'long' });
  if (expiresAt <= now) return words.ended(day.format(expiresAt));
  if (!isTrial) return words.paidUntil(day.format(expiresAt));
  return words.trialUntil(new Intl.DateTimeFormat(words.lang, { timeZone, dateStyle: 'long', timeStyle: 'short' }).format(expiresAt));
}

function plansHtml({ plans }: RenewalPage, words: PageWords, path: string): string {
  if (plans.length === 0) return `<p>${escaped(words.noPlans)}</p>`;
  return `<h2>${escaped(words.choose)}</h2><ul>${plans.map((plan) => planHtml(plan, words, path)).join('')}</ul>`;
}

function planHtml(plan: Plan, words: PageWords, path: string): string {
  const { id, name, periods, screens } = plan;
  return `<li class="box"><div class="plan"><div><p>${escaped(name)}</p><p class="soft">${words.days(periods * PERIOD_DAYS)}, ${words.screens(screens)}</p></div>
<span class="price">${escaped(priceOf(plan, words))}</span></div><form method="post" action="${path}"><input type="hidden" name="plan" value="${id}"><button class="go">${escaped(words.pay(name))}</button></form></li>`;
}

/** The payments that are open, or paid and waiting, each with a link to its own page. */
function openHtml({ payments }: RenewalPage, words: PageWords, path: string): string {
  const list = payments.map((payment) => {
    const text = payment.status === 'PENDING' ? words.open : words.waiting;
    return `<li class="box"><a href="${path}?payment=${payment.id}">${escaped(payment.planName)}</a> <span class="price">${escaped(priceOf(payment, words))}</span><p class="soft">${escaped(text)}</p></li>`;
  });
  return list.length === 0 ? '' : `<ul>${list.join('')}</ul>`;
}

function paymentHtml(chosen: Chosen, page: RenewalPage, words: PageWords, path: string): string {
  const sum = `<div class="plan"><p>${escaped(chosen.planName)}</p><span class="price">${escaped(priceOf(chosen, words))}</span></div>`;
  const others = `<p><a href="${path}">${escaped(words.other)}</a></p>`;
  switch (chosen.status) {
    case 'PENDING':
      return `<section class="box">${sum}${payHtml(chosen, words)}<p class="soft">${escaped(words.byItself)} <a href="${path}?payment=${chosen.id}">${escaped(words.checkAgain)}</a></p></section>${others}`;
    case 'APPLIED':
      return `<section class="box done" role="status"><h2>✓ ${escaped(words.paid)}</h2><p>${escaped(words.renewed)}</p>${sum}</section>${others}`;
    case 'PAID':
    case 'PAID_UNFUNDED':
      return `<section class="box done" role="status"><h2>✓ ${escaped(words.paid)}</h2><p>${escaped(words.waiting)}</p>${sum}</section>${others}`;
    case 'EXPIRED':
    case 'REFUNDED':
      return `<section class="box" role="status">${sum}<p>${escaped(words[chosen.status === 'EXPIRED' ? 'expired' : 'refunded'])}</p></section>${plansHtml(page, words, path)}`;
    default:
      return unreachable(chosen.status);
  }
}

function unreachable(status: never): never {
  throw new Error(`no page for ${String(status)}`);
}

/** Payment by the provider. While the provider does not answer: with the card's Pix key, or as customer and panel agree. */
function payHtml({ pixCode, way }: Chosen, words: PageWords): string {
  if (way !== null && way.instructions !== null)
    return way.provider === 'STRIPE' ? linkHtml(way.instructions, words) : pixHtml(way.instructions, words);
  const noAnswer = way === null ? '' : `<p role="status">${escaped(words.noAnswer)}</p>`;
  return noAnswer + (pixCode === null ? `<p>${escaped(words.byHand)}</p>` : pixHtml(pixCode, words));
}

function linkHtml(address: string, words: PageWords): string {
  return `<p>${escaped(words.onlineText)}</p><a class="go" href="${escaped(address)}" rel="noopener noreferrer">${escaped(words.online)}</a>`;
}

function pixHtml(code: string, words: PageWords): string {
  const drawn = code.length > MAX_DRAWN_CHARACTERS ? '' : qrSvg(code, escaped(words.qr));
  return `<h2>${escaped(words.pix)}</h2><p>${escaped(words.pixText)}</p>${drawn}
<p class="soft" id="code">${escaped(words.pixCode)}</p><code class="code" aria-labelledby="code" role="textbox" aria-readonly="true" tabindex="0">${escaped(code)}</code>`;
}

/** Leaves out the Pix key where a provider receives the money, because only the panel would see a payment to the key. */
function cardHtml({ card }: RenewalPage, words: PageWords, withKey: boolean): string {
  if (card === null) return '';
  const parts = [
    card.instructions === null ? '' : `<p class="prose">${escaped(card.instructions)}</p>`,
    card.pixKey === null || !withKey ? '' : `<p class="soft">${escaped(words.pixKey)}: ${escaped(card.pixKey)}</p>`,
    card.whatsapp === null
      ? ''
      : `<p><a href="https://wa.me/${escaped(card.whatsapp.replace('+', ''))}" rel="noopener noreferrer">${escaped(words.contact)}</a></p>`,
  ].join('');
  return parts === '' ? '' : `<section class="box">${parts}</section>`;
}

function priceOf({ currency, priceMinor }: { readonly currency: string; readonly priceMinor: number }, words: PageWords): string {
  const format = new Intl.NumberFormat(words.lang, { style: 'currency', currency });
  // As on every other screen of the product, an amount has two decimals.
  return format.format(priceMinor / 100);
}
