/** The words of a customer's page in English, and the choice of the language. */

import { weighted } from '../../http/weighted.ts';
import { type PageWords, PT } from './words-pt.ts';

const EN: PageWords = {
  lang: 'en',
  title: (panel) => `Renew with ${panel}`,
  hello: (name) => (name === null ? 'Hello!' : `Hello, ${name}!`),
  paidUntil: (until) => `Paid until ${until}.`,
  trialUntil: (until) => `Trial until ${until}.`,
  ended: (since) => `It ended on ${since}.`,
  choose: 'Choose a plan',
  noPlans: 'There are no plans here yet. Please ask whoever serves you.',
  days: (days) => `${days} days`,
  screens: (count) => (count === 1 ? '1 screen' : `${count} screens`),
  pay: (plan) => `Pay: ${plan}`,
  pix: 'Pay with Pix',
  pixText: 'Scan the code with the app of your bank, or copy the text below into it.',
  pixCode: 'Pix code to copy',
  qr: 'QR code of the Pix payment',
  online: 'Go to the payment page',
  onlineText: 'You pay on the page of the payment provider, and come back here.',
  noAnswer: 'The payment provider does not answer at the moment. Try again in a minute, or pay as shown below.',
  byHand: 'Arrange the payment with whoever serves you.',
  other: 'Choose another plan',
  back: 'Back',
  open: 'Not paid yet.',
  paid: 'Payment received',
  renewed: 'You have been renewed.',
  waiting: 'Received. You will be renewed soon; there is nothing more to do.',
  expired: 'This payment has expired. If you have paid, please contact whoever serves you; if not, choose a plan.',
  refunded: 'This payment was refunded. To renew, please choose a plan.',
  byItself: 'This page updates by itself once the payment is confirmed.',
  checkAgain: 'Check now',
  tooMuch: 'You cannot renew for that long yet',
  tooMuchText: 'This plan exceeds the time that can be paid in advance. Please choose a smaller one, or ask whoever serves you.',
  contact: 'Write on WhatsApp',
  pixKey: 'Pix key',
  unknown: 'This link does not exist',
  unknownText: 'It may have been replaced. Please ask whoever serves you for a new one.',
  tooMany: 'Too many attempts',
  tooManyText: 'Please wait a minute, and open your link again.',
  notNow: 'This page is not available at the moment',
  notNowText: 'Please wait a moment, and try again. If you have paid, your payment is not lost.',
};

/** English where Accept-Language weighs it above Portuguese; Portuguese anywhere else. */
export function wordsFor(acceptLanguage: string | undefined): PageWords {
  const ranges = weighted(acceptLanguage ?? '');
  const weightOf = (language: string) =>
    Math.max(0, ...ranges.filter(({ value }) => value === language || value.startsWith(`${language}-`)).map(({ weight }) => weight));
  const [english, portuguese] = [weightOf('en'), weightOf('pt')];
  if (english !== portuguese) return english > portuguese ? EN : PT;
  const first = ranges.find(({ value }) => /^(?:en|pt)(?:-|$)/.test(value))?.value ?? 'pt';
  return first.startsWith('en') ? EN : PT;
}
