/** A webhook receiver that needs only Node: it verifies a message, drops a repeated one, answers, and works afterwards. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import process from 'node:process';

const [secret = '', port = '3000'] = process.argv.slice(2);
const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
const MAX_AGE_SECONDS = 300;
/** A real receiver stores these in its database, in the transaction that does the work. */
const seen = new Set<string>();

function isSigned(body: string, headers: IncomingHttpHeaders): boolean {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => String(headers[`webhook-${name}`]));
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > MAX_AGE_SECONDS) return false;
  const mine = Buffer.from(`v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`);
  return (signatures ?? '').split(' ').some((one) => one.length === mine.length && timingSafeEqual(Buffer.from(one), mine));
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  if (!isSigned(body, request.headers)) {
    response.writeHead(400).end();
    return;
  }
  response.writeHead(204).end();
  const id = String(request.headers['webhook-id']);
  if (seen.has(id)) return;
  seen.add(id);
  const { data, test, type } = JSON.parse(body);
  process.stdout.write(`${type} ${data.version} ${data.customerId ?? ''}${test ? ' (test)' : ''}\n`);
});

server.listen(Number(port), () => process.stdout.write(`listening ${JSON.stringify(server.address())}\n`));
