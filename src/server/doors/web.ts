/** Serves the built web application from memory. */

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { takes } from '../http/compression.ts';
import { answerMethod, type Exchange } from '../http/exchange.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Written by the build from its routes: the first segments of the web application's paths. The page is served at and below these. */
const ADDRESSES = 'addresses.json';

/** Files that browsers expect at a fixed path: the service worker, and the manifests for installing the application. */
const FIXED = ['sw.js', 'manifest.webmanifest', 'manifest.en.webmanifest'];

/** The build names files after their content, so they never change. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Each load checks for a new version. */
const ASK_EACH_TIME = 'no-cache';
const NONCE_PLACEHOLDER = '%CSP_NONCE%';
const NONCE_BYTES = 16;

interface File {
  readonly type: string;
  readonly cacheControl: string;
  readonly plain: Buffer;
  readonly gzip: Buffer | null;
  readonly brotli: Buffer | null;
}

/** Answers if the path belongs to the web application, and returns whether it does. */
export type WebHandler = (exchange: Exchange, path: string) => boolean;

/**
 * Serves the build of the web application from memory: no part of a request ever becomes a file name.
 * Returns null when `folder` has no build: the API works without it.
 */
export function openWebHandler(folder: string): WebHandler | null {
  if (!statSync(join(folder, ADDRESSES), { throwIfNoEntry: false })) return null;
  const addresses = readAddresses(folder);
  const page = readFileSync(join(folder, 'index.html'), 'utf8').split(NONCE_PLACEHOLDER);
  const assets = readAssets(folder);

  return (exchange, path) => {
    const asset = assets.get(path);
    const isPage = !asset && !path.startsWith('//') && addresses.has(path.split('/', 2)[1] ?? '');
    if (!asset && !isPage) return false;
    if (exchange.request.method !== 'GET') answerMethod(exchange, 'GET, HEAD, OPTIONS');
    else if (asset) answerAsset(exchange, asset);
    else answerPage(exchange, page);
    return true;
  };
}

function readAddresses(folder: string): ReadonlySet<string> {
  const segments: readonly string[] = JSON.parse(readFileSync(join(folder, ADDRESSES), 'utf8'));
  return new Set(segments);
}

function readAssets(folder: string): ReadonlyMap<string, File> {
  const hashed = readdirSync(join(folder, 'assets')).map((name) => readFile(folder, `assets/${name}`, FOR_EVER));
  const fixed = readdirSync(folder).map((name) => (FIXED.includes(name) ? readFile(folder, name, ASK_EACH_TIME) : null));
  return new Map([...hashed, ...fixed].filter((entry) => entry !== null));
}

function readFile(folder: string, name: string, cacheControl: string): [string, File] | null {
  const type = TYPES[extname(name)];
  if (type === undefined) return null;
  const read = (path: string) => (statSync(path, { throwIfNoEntry: false }) ? readFileSync(path) : null);
  const path = join(folder, name);
  return [`/${name}`, { type, cacheControl, plain: readFileSync(path), gzip: read(`${path}.gz`), brotli: read(`${path}.br`) }];
}

function answerAsset(exchange: Exchange, { type, cacheControl, plain, gzip, brotli }: File): void {
  const accepted = exchange.request.headers['accept-encoding'];
  const [body, encoding] =
    brotli && takes(accepted, 'br') ? [brotli, 'br'] : gzip && takes(accepted, 'gzip') ? [gzip, 'gzip'] : [plain, null];
  const headers = exchange.headers(cacheControl);
  headers.push('content-type', type);
  if (gzip || brotli) headers.push('vary', 'accept-encoding');
  if (encoding !== null) headers.push('content-encoding', encoding);
  send(exchange, headers, body);
}

/** Every page has its own nonce, which allows the styles that the application makes while it runs, and no others. */
function answerPage(exchange: Exchange, page: readonly string[]): void {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const headers = exchange.headers(ASK_EACH_TIME);
  headers.push('content-type', 'text/html; charset=utf-8', 'content-security-policy', contentPolicy(nonce));
  send(exchange, headers, Buffer.from(page.join(nonce)));
}

function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function send(exchange: Exchange, headers: string[], body: Buffer): void {
  headers.push('content-length', String(body.length));
  exchange.response.writeHead(200, headers).end(body);
}
