/** The simplest HTTP server, as a baseline for checks of credentials. */

import { listen, serve } from '../server.ts';

/** As long as the answer to a check. */
const BODY = JSON.stringify({
  active: true,
  screens: 1,
  expiresAt: '2026-01-01T00:00:00.000Z',
  customer: 'Q3VzdG9tZXI6MDE5MDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAx',
  version: 0,
});
const HEADERS = ['content-type', 'application/json; charset=utf-8', 'content-length', String(BODY.length)];

/** The limit of node:http alone: it receives the body and always sends the same answer. */
serve(async () => ({
  port: await listen((request, response) => {
    request.on('data', () => {});
    request.on('end', () => response.writeHead(200, HEADERS).end(BODY));
  }),
}));
