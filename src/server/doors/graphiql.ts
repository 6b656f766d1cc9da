/** Serves GraphiQL from memory to browsers that open /graphql. */

import { gzipSync } from 'node:zlib';
import { takes } from '../http/compression.ts';
import type { Exchange } from '../http/exchange.ts';

/** The browser may load nothing from elsewhere. The page is one document: script, style and workers are inline. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const FIRST_QUERY = `# Sign in, copy the token, and send it with everything else: in the Headers tab below,
# { "authorization": "Bearer <token>" }
mutation SignIn {
  signIn(input: { email: "root@demo.test", password: "revenda-demo" }) {
    __typename
    ... on SignInPayload { token expiresAt viewer { reseller { id name account { balance locked } } } }
    ... on Error { code message }
  }
}

# Then watch your balance in another tab.
subscription Balance {
  balanceChanged { version balance delta locked entry { transfer { kind amount memo } } }
}
`;

interface Page {
  readonly plain: Buffer;
  readonly zipped: Buffer;
}

let page: Promise<Page> | null = null;

/** Loads and renders the page on the first request: it is 9 MB, nearly half of what a start would read. */
async function renderPage(): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    title: 'Revenda',
    endpoint: '/graphql',
    defaultQuery: FIRST_QUERY,
    credentials: 'same-origin',
    subscriptionsProtocol: 'WS',
    defaultEditorToolsVisibility: 'headers',
    inputValueDeprecation: true,
    schemaDescription: true,
  });
  const plain = Buffer.from(html);
  return { plain, zipped: gzipSync(plain) };
}

/** Whether a browser requests the page. Otherwise a client sends a query. */
export function wantsPage({ accepts, request }: Exchange): boolean {
  return request.method === 'GET' && accepts.isPage;
}

export async function answerGraphiql(exchange: Exchange): Promise<void> {
  page ??= renderPage().catch((error: unknown) => {
    page = null;
    throw error;
  });
  const { plain, zipped } = await page;
  const isZipped = takes(exchange.request.headers['accept-encoding'], 'gzip');
  const body = isZipped ? zipped : plain;
  const headers = exchange.headers();
  headers.push('content-security-policy', CONTENT_POLICY, 'content-type', 'text/html; charset=utf-8');
  headers.push('content-length', String(body.length), 'vary', 'accept-encoding');
  if (isZipped) headers.push('content-encoding', 'gzip');
  exchange.response.writeHead(200, headers).end(body);
}
