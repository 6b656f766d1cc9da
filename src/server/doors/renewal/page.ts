/** Writes a customer's page as HTML (R53). */

import type { Plan } from '../../../domain/plan/plans.ts';
import type { RenewalPage } from '../../../domain/renewal/renewal-page.ts';
import { escaped, htmlPage } from './html.ts';
import { qrSvg } from './qr.ts';
import type { PageWords } from './words-pt.ts';

/** Periods have 30 days, and it is said wherever somebody chooses (R2). */
const PERIOD_DAYS = 30;

/** What is to be paid, once a plan was chosen. */
export interface Chosen {
  readonly name: string;
  readonly priceMinor: number;
  readonly currency: string;
  /** null: there is none, so it is paid as the two agree. */
  readonly pixCode: string | null;
}

/** `path`: the page's own address. */
export function renewalHtml(page: RenewalPage, words: PageWords, path: string, chosen: Chosen | null): string {
  const panel = page.card?.name ?? page.panelName;
  const body = [
    `<h1>${escaped(panel)}</h1>`,
    `<section class="box"><p>${escaped(words.hello(page.firstName))}</p><p>${escaped(standing(page, words))}</p></section>`,
    chosen === null ? plansHtml(page, words, path) : payHtml(chosen, words, path),
    cardHtml(page, words),
  ];
  return htmlPage(words.lang, words.title(panel), body.join(''));
}

export function messageHtml(words: PageWords, title: string, text: string): string {
  return htmlPage(words.lang, title, `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>`);
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
<span class="price">${escaped(priceOf(plan, words))}</span></div><a class="go" href="${path}?plan=${id}">${escaped(words.pay(name))}</a></li>`;
}

function payHtml(chosen: Chosen, words: PageWords, path: string): string {
  const sum = `<div class="plan"><p>${escaped(chosen.name)}</p><span class="price">${escaped(priceOf(chosen, words))}</span></div>`;
  const how =
    chosen.pixCode === null
      ? `<p>${escaped(words.byHand)}</p>`
      : `<h2>${escaped(words.pix)}</h2><p>${escaped(words.pixText)}</p>${qrSvg(chosen.pixCode, escaped(words.qr))}
<p class="soft" id="code">${escaped(words.pixCode)}</p><code class="code" aria-labelledby="code" role="textbox" aria-readonly="true" tabindex="0">${escaped(chosen.pixCode)}</code>`;
  return `<section class="box">${sum}${how}</section><p><a href="${path}">${escaped(words.other)}</a></p>`;
}

function cardHtml({ card }: RenewalPage, words: PageWords): string {
  if (card === null) return '';
  const parts = [
    card.instructions === null ? '' : `<p class="prose">${escaped(card.instructions)}</p>`,
    card.pixKey === null ? '' : `<p class="soft">${escaped(words.pixKey)}: ${escaped(card.pixKey)}</p>`,
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
