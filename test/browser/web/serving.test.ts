import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from '../../support/clients/api.ts';
import { buildWebOnce } from '../../support/clients/web.ts';

const DIST = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const FIRST_SCREEN_BYTES = 250_000;
const SCREEN_FILES = 12;

let api: Api;

beforeAll(async () => {
  await buildWebOnce();
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

/** Requests the path as it is written. fetch would normalize it, and decompress the body. */
function send(path: string, { method = 'GET', headers = {} } = {}): Promise<Answer> {
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
  const page = (await send('/')).body.toString();
  return [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, name]) => name ?? '');
}

test("the page is served for the application's addresses, with a policy without inline scripts and a new nonce each time", async () => {
  const pages = await Promise.all(['/', '/resellers', '/resellers/UmVzZWxsZXI6MQ%3D%3D', '/buy?from=1'].map((path) => send(path)));
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

test('every route of the application is served, and no other path is', async () => {
  const routes = await readFile(fileURLToPath(new URL('../../../web/src/routes.tsx', import.meta.url)), 'utf8');
  const paths = [...routes.matchAll(/path: '([^'*:/]+)/g)].map(([, path]) => `/${path}`);
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths) expect((await send(path)).headers['content-type'], path).toContain('text/html');
  for (const path of ['/screens', '/addresses.json', '/resellers.json']) expect((await send(path)).status, path).toBe(404);
});

test('a file named after its content is cached for ever, and is sent in the smallest encoding that the browser accepts', async () => {
  const names = await assetNames();
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) {
    const plain = await send(name);
    expect(plain).toMatchObject({ status: 200, headers: { 'cache-control': 'public, max-age=31536000, immutable' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    if (plain.body.length < 1_000 || name.endsWith('.png')) continue;
    const brotli = await send(name, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
    expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    const gzip = await send(name, { headers: { 'accept-encoding': 'gzip' } });
    expect(gzip.headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(brotli.body.length).toBeLessThan(gzip.body.length);
    expect(gzip.body.length).toBeLessThan(plain.body.length);
  }
});

test('the service worker and the manifests are revalidated at each visit, their icons exist, and the policy allows them', async () => {
  const worker = await send('/sw.js');
  expect(worker).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache', 'content-type': 'text/javascript; charset=utf-8' } });
  expect(worker.body.toString()).not.toMatch(/caches|graphql/);
  for (const [path, lang] of [
    ['/manifest.webmanifest', 'pt-BR'],
    ['/manifest.en.webmanifest', 'en'],
  ] as const) {
    const { status, headers, body } = await send(path);
    expect({ status, ...headers }).toMatchObject({ status: 200, 'cache-control': 'no-cache', 'content-type': 'application/manifest+json' });
    const manifest = JSON.parse(body.toString());
    expect(manifest).toMatchObject({ id: '/', lang, display: 'standalone', start_url: '/' });
    expect(manifest.icons.map(({ purpose }: { purpose: string }) => purpose)).toEqual(['any', 'any', 'maskable']);
    for (const { src } of manifest.icons) expect((await send(src)).headers['content-type'], src).toBe('image/png');
  }
  const policy = String((await send('/')).headers['content-security-policy']);
  expect(policy).toContain("worker-src 'self'; manifest-src 'self';");
});

test('HEAD returns only the headers, and only GET, HEAD and OPTIONS are allowed', async () => {
  const [whole, head, post] = [await send('/'), await send('/', { method: 'HEAD' }), await send('/resellers', { method: 'POST' })];
  expect(head).toMatchObject({ status: 200, headers: { 'content-length': String(whole.body.length) } });
  expect(head.body.length).toBe(0);
  expect(post).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } });
});

test('no other file of the disk is served, and no folder is listed', async () => {
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
  for (const path of paths) expect((await send(path)).status, path).toBe(404);
  expect((await send('/health')).body.toString()).toBe('{"status":"ok"}');
  expect((await send('/graphql?query={__typename}', { headers: { accept: 'application/json' } })).headers['content-type']).toMatch(/json/);
});

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

/** The texts of the larger of the two languages. */
const TEXTS = ['src/i18n/pt/common.ts', 'src/i18n/pt/errors.ts'];
/** The modules of the two screens that a person may see first. */
const FIRST_SCREENS = [
  ['index.html', ...TEXTS, 'src/screens/sign-in/sign-in.tsx'],
  ['index.html', ...TEXTS, 'src/shell/shell.tsx', 'src/screens/home/home-screen.tsx', 'src/i18n/pt/home.ts'],
];

/** Returns the script files of these modules and of everything that they import. */
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

test('the first screen loads less than 250 kB of gzipped JavaScript, without charts or date pickers', async () => {
  for (const keys of FIRST_SCREENS) {
    const code = await Promise.all((await scriptsOf(keys)).map((file) => readFile(DIST + file)));
    const bytes = code.reduce((sum, chunk) => sum + gzipSync(chunk, { level: 9 }).length, 0);
    expect(bytes).toBeLessThan(FIRST_SCREEN_BYTES);
    expect(code.join('\n')).not.toMatch(/recharts|mantine-dates|mantine-datatable/i);
  }
});

test('no screen loads more than a dozen script files, because a phone waits for each', async () => {
  const routes = await readFile(fileURLToPath(new URL('../../../web/src/routes.tsx', import.meta.url)), 'utf8');
  const screens = [...routes.matchAll(/import\('\.\/(screens\/[^']+)'\)/g)].map(([, path]) => `src/${path}`);
  expect(screens.length).toBeGreaterThan(10);
  for (const screen of screens) {
    const files = await scriptsOf(['index.html', ...TEXTS, 'src/shell/shell.tsx', screen]);
    expect(files.length, screen).toBeLessThanOrEqual(SCREEN_FILES);
  }
});
