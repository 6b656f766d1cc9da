import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from '../../support/clients/api.ts';
import { buildPanelOnce } from '../../support/clients/web.ts';

const DIST = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const FIRST_SCREEN_BYTES = 250_000;
const SCREEN_FILES = 12;

let api: Api;

beforeAll(async () => {
  await buildPanelOnce();
  api = await startApi();
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** As it is written here: fetch would mend the path and unpack the body. */
function ask(path: string, { method = 'GET', headers = {} } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.client.origin);
    request({ hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}

async function assetNames(): Promise<readonly string[]> {
  const page = (await ask('/')).body.toString();
  return [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, name]) => name ?? '');
}

test("the page is served for the panel's own addresses, under a policy without inline scripts, with a nonce of its own each time", async () => {
  const pages = await Promise.all(['/', '/resellers', '/resellers/UmVzZWxsZXI6MQ%3D%3D', '/buy?from=1'].map((path) => ask(path)));
  const nonces = pages.map(({ status, headers, body }) => {
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-cache');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toMatch(/unsafe|https?:/);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(body.toString()).toContain(`nonce="${nonce}"`);
    expect(body.toString()).not.toMatch(/<script(?![^>]*src=)|CSP_NONCE/);
    return nonce;
  });
  expect(new Set(nonces).size).toBe(pages.length);
});

test("every route of the application's own is served, and nothing beside them", async () => {
  const routes = await readFile(fileURLToPath(new URL('../../../web/src/routes.tsx', import.meta.url)), 'utf8');
  const paths = [...routes.matchAll(/path: '([^'*:/]+)/g)].map(([, path]) => `/${path}`);
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) expect((await ask(path)).headers['content-type'], path).toContain('text/html');
  for (const path of ['/screens', '/addresses.json', '/resellers.json']) expect((await ask(path)).status, path).toBe(404);
});

test('what the build named after its content is kept for ever, and is sent as small as the browser can take it', async () => {
  const names = await assetNames();
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) {
    const plain = await ask(name);
    expect(plain).toMatchObject({ status: 200, headers: { 'cache-control': 'public, max-age=31536000, immutable' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    if (plain.body.length < 1_000 || name.endsWith('.png')) continue;
    const brotli = await ask(name, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
    expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    const gzip = await ask(name, { headers: { 'accept-encoding': 'gzip' } });
    expect(gzip.headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(brotli.body.length).toBeLessThan(gzip.body.length);
    expect(gzip.body.length).toBeLessThan(plain.body.length);
  }
});

test('the service worker and the manifests are asked about at each visit, the icons that they name are there, and the page may load them', async () => {
  const worker = await ask('/sw.js');
  expect(worker).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache', 'content-type': 'text/javascript; charset=utf-8' } });
  expect(worker.body.toString()).not.toMatch(/caches|graphql/);
  for (const [path, lang] of [
    ['/manifest.webmanifest', 'pt-BR'],
    ['/manifest.en.webmanifest', 'en'],
  ] as const) {
    const { status, headers, body } = await ask(path);
    expect({ status, ...headers }).toMatchObject({ status: 200, 'cache-control': 'no-cache', 'content-type': 'application/manifest+json' });
    const manifest = JSON.parse(body.toString());
    expect(manifest).toMatchObject({ id: '/', lang, display: 'standalone', start_url: '/' });
    expect(manifest.icons.map(({ purpose }: { purpose: string }) => purpose)).toEqual(['any', 'any', 'maskable']);
    for (const { src } of manifest.icons) expect((await ask(src)).headers['content-type'], src).toBe('image/png');
  }
  const policy = String((await ask('/')).headers['content-security-policy']);
  expect(policy).toContain("worker-src 'self'; manifest-src 'self';");
});

test('HEAD answers the headers alone, and nothing but GET, HEAD and OPTIONS is taken', async () => {
  const [whole, head, post] = [await ask('/'), await ask('/', { method: 'HEAD' }), await ask('/resellers', { method: 'POST' })];
  expect(head).toMatchObject({ status: 200, headers: { 'content-length': String(whole.body.length) } });
  expect(head.body.length).toBe(0);
  expect(post).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } });
});

test('nothing else of the disk is served, and no folder is listed', async () => {
  const paths = [
    '/assets/',
    '/assets',
    '/assets/../index.html',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/../package.json',
    '/package.json',
    '/.vite/manifest.json',
    '/index.html',
    '/nothing/of/ours',
  ];
  for (const path of paths) expect((await ask(path)).status, path).toBe(404);
  expect((await ask('/health')).body.toString()).toBe('{"status":"ok"}');
  expect((await ask('/graphql?query={__typename}', { headers: { accept: 'application/json' } })).headers['content-type']).toMatch(/json/);
});

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

/** The larger of the two languages, and both screens that one may see first. */
const WORDS = ['src/i18n/pt/common.ts', 'src/i18n/pt/errors.ts'];
const FIRST_SCREENS = [
  ['index.html', ...WORDS, 'src/screens/sign-in/sign-in.tsx'],
  ['index.html', ...WORDS, 'src/shell/shell.tsx', 'src/screens/home/home-screen.tsx', 'src/i18n/pt/home.ts'],
];

/** The script files that these and what they import take. */
async function scriptsOf(keys: readonly string[]): Promise<readonly string[]> {
  const manifest: Readonly<Record<string, Chunk>> = JSON.parse(await readFile(`${DIST}.vite/manifest.json`, 'utf8'));
  const seen = new Set<string>();
  const visit = (key: string): void => {
    expect(manifest, key).toHaveProperty([key]);
    if (seen.has(key)) return;
    seen.add(key);
    for (const next of manifest[key]?.imports ?? []) visit(next);
  };
  for (const key of keys) visit(key);
  return [...new Set([...seen].map((key) => manifest[key]?.file ?? ''))].filter((file) => file.endsWith('.js'));
}

test('the first screen takes less than 250 kB of JavaScript, gzipped, and neither charts nor dates', async () => {
  for (const keys of FIRST_SCREENS) {
    const code = await Promise.all((await scriptsOf(keys)).map((file) => readFile(DIST + file)));
    const bytes = code.reduce((sum, chunk) => sum + gzipSync(chunk, { level: 9 }).length, 0);
    expect(bytes).toBeLessThan(FIRST_SCREEN_BYTES);
    expect(code.join('\n')).not.toMatch(/recharts|mantine-dates|mantine-datatable/i);
  }
});

test('no screen takes more than a dozen script files, each of which a phone would wait for', async () => {
  const routes = await readFile(fileURLToPath(new URL('../../../web/src/routes.tsx', import.meta.url)), 'utf8');
  const screens = [...routes.matchAll(/import\('\.\/(screens\/[^']+)'\)/g)].map(([, path]) => `src/${path}`);
  expect(screens.length).toBeGreaterThan(10);
  for (const screen of screens) {
    const files = await scriptsOf(['index.html', ...WORDS, 'src/shell/shell.tsx', screen]);
    expect(files.length, screen).toBeLessThanOrEqual(SCREEN_FILES);
  }
});
