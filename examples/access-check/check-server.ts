/** Answers nginx's auth_request: whether the Basic credentials of a request belong to a customer whose service is active. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const { REVENDA_URL = 'http://localhost:4000', SERVICE_KEY = '', PORT = '4100' } = process.env;

/** Longer than a check takes, and shorter than a browser waits. */
const CHECK_TIMEOUT_MS = 5_000;

interface Credentials {
  readonly login: string;
  readonly secret: string;
}

/** The login and secret that a browser sends; null if the header cannot contain any. */
function credentialsOf({ headers }: IncomingMessage): Credentials | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '')?.[1];
  const [, login, secret] = /^([^:]+):(.+)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  return login === undefined || secret === undefined ? null : { login, secret };
}

/** 204: admitted. 401: the browser asks its user for credentials. 403: known, but not served. 503: the answer is unknown now. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const credentials = credentialsOf(request);
  if (credentials === null) return refuse(response);
  const given = request.headers['x-customer-address'];
  const address = typeof given === 'string' ? { address: given } : {};
  const checked = await fetch(`${REVENDA_URL}/access/check`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SERVICE_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...credentials, ...address }),
    signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
  });
  // A login or secret in a form that no customer has is also wrong, and so is one after too many attempts.
  if (checked.status === 400 || checked.status === 429) return refuse(response);
  if (!checked.ok) throw new Error(`the check was answered ${checked.status}`);
  const { active, customer, screens } = await checked.json();
  if (active === true) response.writeHead(204, { 'x-customer': customer, 'x-screens': screens }).end();
  else if (customer !== null) response.writeHead(403).end();
  else refuse(response);
}

function refuse(response: ServerResponse): void {
  response.writeHead(401, { 'www-authenticate': 'Basic realm="service", charset="UTF-8"' }).end();
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    response.writeHead(503).end();
  });
});
server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address();
  console.log(`listening on ${typeof address === 'object' ? address?.port : address}`);
});
process.once('SIGTERM', () => server.close());
