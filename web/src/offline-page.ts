/** The page that the service worker shows without a connection. It contains no data from the server. */

import { install as english } from './i18n/en/install.ts';
import { install as portuguese } from './i18n/pt/install.ts';
import icon from './icon.svg?raw';

const WORDS = [
  ['pt-BR', portuguese],
  ['en', english],
] as const;

/** A fixed nonce is safe here: the page is built in this file and includes no outside text. */
const NONCE = 'offline';

const POLICY = [
  "default-src 'none'",
  `style-src 'nonce-${NONCE}'`,
  `script-src 'nonce-${NONCE}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const STYLE = `
:root { color-scheme: light dark; }
body { display: grid; place-items: center; min-height: 100dvh; margin: 0; padding: 24px; box-sizing: border-box;
  background: light-dark(#f6f8f8, #121917); color: light-dark(#000, #d5dddb); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 26rem; text-align: center; }
svg { width: 64px; }
h1 { font-size: 1.4rem; }
button { min-height: 44px; padding: 0 24px; border: 0; border-radius: 8px; background: #0f6b64; color: #fff; font: inherit; font-weight: 600; }
[hidden] { display: none; }`;

/** Shows the language chosen in the application, or else the browser's, and reloads as soon as the server responds. */
const SCRIPT = `
const chosen = localStorage.getItem('revenda-language') ?? navigator.language;
const language = chosen.toLowerCase().startsWith('pt') ? 'pt-BR' : 'en';
document.documentElement.lang = language;
for (const part of document.querySelectorAll('main')) part.hidden = part.lang !== language;
document.title = document.querySelector('main:not([hidden]) h1').textContent + ' · Revenda';
const back = () => fetch('/health', { cache: 'no-store' }).then((answer) => { if (answer.ok) location.reload(); }, () => {});
for (const button of document.querySelectorAll('button')) button.addEventListener('click', () => location.reload());
addEventListener('online', back);
setInterval(back, 5000);`;

const part = ([language, words]: (typeof WORDS)[number]) => `<main lang="${language}"${language === 'en' ? ' hidden' : ''}>
${icon}
<h1>${words.offline}</h1>
<p>${words.why}</p>
<p>${words.back}</p>
<button type="button">${words.retry}</button>
</main>`;

const PAGE = `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>Revenda</title>
<style nonce="${NONCE}">${STYLE}</style>
</head>
<body>
${WORDS.map(part).join('\n')}
<script nonce="${NONCE}">${SCRIPT}</script>
</body>
</html>
`;

export function offlinePage(): Response {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY, 'cache-control': 'no-store' };
  return new Response(PAGE, { status: 503, headers });
}
