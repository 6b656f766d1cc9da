import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startApi, TRANSFER } from '../support/clients/api.ts';
import { until } from '../support/until.ts';
import { plantDemo } from '../support/worlds/demo.ts';
import { startDemo } from '../support/worlds/planted-demo.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string; readonly intValue?: number } }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code?: number };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Span['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const attributeOf = ({ attributes }: Pick<Span, 'attributes'>, wanted: string) => {
  const found = attributes.find(({ key }) => key === wanted)?.value;
  return found?.stringValue ?? found?.intValue;
};

/** Collects what the OTLP exporter posts. */
async function startCollector() {
  const bodies: string[] = [];
  const headers: (string | string[] | undefined)[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.url === '/v1/traces') {
      bodies.push(body);
      headers.push(request.headers.authorization);
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    headers,
    exports: (): Export[] => bodies.map((body) => JSON.parse(body)),
    spans: (): Span[] =>
      bodies.flatMap((body) =>
        (JSON.parse(body) as Export).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const CALLERS_TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLERS_SPAN = 'b7ad6b7169203331';

test('a request is a span, a batch is one with links to its requests, and neither contains a secret', async () => {
  await using collector = await startCollector();
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer of-the-collector',
    OTEL_SERVICE_NAME: 'revenda-test',
  };
  const sent: Promise<unknown>[] = [];
  {
    await using api = await startApi({ settings });
    const { client } = api;
    const { ana, bruno } = await plantDemo(client);
    const named = TRANSFER.replace('mutation (', 'mutation Pass(');
    for (const key of ['one', 'two', 'three']) {
      const input = { toResellerId: bruno.id, amount: 1, idempotencyKey: key };
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${ana.token}`,
        'x-request-id': `request-${key}`,
        traceparent: `00-${CALLERS_TRACE}-${CALLERS_SPAN}-01`,
      };
      sent.push(fetch(client.url, { method: 'POST', headers, body: JSON.stringify({ query: named, variables: { input } }) }));
    }
    await Promise.all(sent);
    const socket = client.socket(ana.token);
    const extensions = { headers: { Traceparent: `00-${CALLERS_TRACE}-${CALLERS_SPAN}-01` } };
    const input = { toResellerId: bruno.id, amount: 1, idempotencyKey: 'by socket' };
    const answers = socket.iterate({ query: named, variables: { input }, extensions });
    expect((await answers.next()).value).toMatchObject({ data: { transferCredits: { transfer: { amount: 1 } } } });
    const changes = socket.iterate({ query: 'subscription Watch { balanceChanged { balance } }', extensions });
    await changes.next();
    const refused = socket.iterate({ query: '{ nothing }', extensions });
    await expect(refused.next()).rejects.toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    await socket.dispose();
    await fetch(`${client.origin}/r/${'s'.repeat(22)}`);
    await fetch(`${client.origin}/access/customers/of-nobody/state`, { method: 'PUT' });
    await fetch(`${client.origin}/health`);
    await fetch(`${client.origin}/customers`);
    expect(collector.bodies.join('')).not.toContain(ana.token);
  }
  // The remaining spans are sent when the server ends.
  const spans = collector.spans();
  const requests = spans.filter((span) => String(attributeOf(span, 'revenda.request_id')).startsWith('request-'));
  expect(requests.map(({ name }) => name)).toEqual(Array(3).fill('POST /graphql'));
  for (const span of requests) {
    expect(span).toMatchObject({ traceId: CALLERS_TRACE, parentSpanId: CALLERS_SPAN });
    expect(attributeOf(span, 'http.response.status_code')).toBe(200);
    expect(attributeOf(span, 'graphql.operation.type')).toBe('mutation');
    expect(attributeOf(span, 'graphql.operation.name')).toBe('Pass');
  }
  const operations = spans.filter(({ name }) => name === 'WebSocket /graphql');
  expect(operations.map((span) => [attributeOf(span, 'graphql.operation.type'), attributeOf(span, 'graphql.operation.name')])).toEqual([
    ['mutation', 'Pass'],
    // A subscription's span ends when the subscription has begun.
    ['subscription', 'Watch'],
    [undefined, undefined],
  ]);
  for (const span of operations) {
    expect(span).toMatchObject({ traceId: CALLERS_TRACE, parentSpanId: CALLERS_SPAN });
    expect(span.status.code ?? 0).toBe(0);
    expect(attributeOf(span, 'revenda.request_id')).toMatch(/^[0-9a-f]{8}-\d+$/);
  }
  const batches = spans.filter(({ name }) => name === 'ledger batch');
  const links = batches.flatMap((span) => span.links ?? []);
  for (const { spanId } of [...requests, ...operations.slice(0, 1)]) expect(links.filter((link) => link.spanId === spanId)).toHaveLength(1);
  expect(batches.every((span) => attributeOf(span, 'revenda.batch.result') === 'committed')).toBe(true);
  expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['GET /r/{token}', 'PUT /access/customers/{id}/state']));
  const routes = new Set(spans.map((span) => attributeOf(span, 'http.route')));
  expect([...routes].filter((route) => route === '/health' || route === '/customers')).toEqual([]);
  const [first] = collector.exports();
  expect(first && attributeOf(first.resourceSpans[0]?.resource ?? { attributes: [] }, 'service.name')).toBe('revenda-test');
  expect(new Set(collector.headers)).toEqual(new Set(['Bearer of-the-collector']));
  const told = collector.bodies.join('');
  for (const secret of ['@demo.test', 'revenda-demo', 'sssss', 'of-nobody', 'Bearer ']) expect(told, secret).not.toContain(secret);
});

test('a sampling share of 0 sends none, and an absent collector delays nobody', async () => {
  await using collector = await startCollector();
  {
    await using none = await startApi({ settings: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: '0' } });
    const headers = { 'content-type': 'application/json', traceparent: `00-${CALLERS_TRACE}-${CALLERS_SPAN}-01` };
    await fetch(none.client.url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' });
  }
  expect(collector.bodies).toEqual([]);

  const silent = createServer(() => {});
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const asked = once(silent, 'request');
  {
    const { api, demo } = await startDemo({ settings: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` } });
    await using away = api;
    expect((await away.client.transfer(demo.ana.token, demo.bruno.id, 1, 'while it is silent')).code).toBeUndefined();
  }
  // It ended although the collector never answered.
  await asked;
  silent.closeAllConnections();
  silent.close();
  await until(() => !silent.listening);
});
