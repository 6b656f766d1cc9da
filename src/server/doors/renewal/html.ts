/** The HTML frame of a customer's page: escaping, styles, and a content policy that allows nothing else. */

import { hash } from 'node:crypto';

/** Dark on devices in dark mode; fits 320 pixels without scrolling sideways. */
const STYLES = `:root{color-scheme:light dark;--line:#c9ced6;--soft:#5b6472;--go:#0b6b4f;--on:#fff}
@media (prefers-color-scheme:dark){:root{--line:#444c58;--soft:#a7b0bd;--go:#4fd1a5;--on:#10151b}}
*{box-sizing:border-box}body{margin:0;background:Canvas;color:CanvasText;font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:32rem;margin:0 auto;padding:1.25rem 1rem 3rem}h1{font-size:1.25rem;margin:0 0 1rem}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
p{margin:.25rem 0}.soft{color:var(--soft)}.box{border:1px solid var(--line);border-radius:.75rem;padding:1rem;margin:.75rem 0}
ul{list-style:none;margin:0;padding:0}.plan{display:flex;gap:.75rem;align-items:center;justify-content:space-between;flex-wrap:wrap}
.price{font-weight:700;white-space:nowrap}form{margin:0}.go{display:block;width:100%;border:0;font:inherit;cursor:pointer;text-align:center;font-weight:600;padding:.7rem 1rem;border-radius:.6rem;
background:var(--go);color:var(--on);text-decoration:none;margin-top:.6rem}a{color:inherit}
.go:focus-visible,a:focus-visible,.code:focus-visible{outline:3px solid currentColor;outline-offset:2px}
svg{display:block;width:100%;max-width:17rem;height:auto;margin:.75rem auto}
.code{display:block;font:13px/1.4 ui-monospace,monospace;border:1px solid var(--line);border-radius:.5rem;padding:.6rem;user-select:all;-webkit-user-select:all}
.prose{white-space:pre-wrap}.done{border-color:var(--go);border-width:2px}.done h2{margin:0 0 .25rem;color:var(--go)}`;

export const PAGE_CONTENT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', STYLES, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes a text for HTML, attributes included. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** `title` is plain text; `body` is HTML. */
export function htmlPage(lang: string, title: string, body: string): string {
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex,nofollow"><title>${escaped(title)}</title><style>${STYLES}</style></head>
<body><main>${body}</main></body></html>`;
}
