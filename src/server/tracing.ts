/** OpenTelemetry traces: a span for each request, socket operation and batch, the batch linked to its requests. Off without a collector. */

import type { Attributes, Link, Span } from '@opentelemetry/api';
import type { RequestOrigin, RequestSpan } from '../kernel/request-origin.ts';

export interface TracingSettings {
  /** The collector's address, below which traces are at /v1/traces. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** The share of the traces that is recorded, 0 to 1. */
  readonly ratio: number;
}

interface RequestFacts {
  readonly method: string;
  /** The documented route, never the requested path, which may contain a secret. */
  readonly route: string;
  readonly requestId: string;
  /** The W3C Trace Context header that names the caller's span. */
  readonly traceparent: unknown;
}

/** An operation on a WebSocket; of a subscription only the start. */
interface OperationFacts {
  /** The socket's id in the log. */
  readonly socketId: string;
  /** From the operation's own headers. */
  readonly traceparent: unknown;
}

export interface Tracing {
  request(facts: RequestFacts): RequestSpan;
  operation(facts: OperationFacts): RequestSpan;
  /** Starts the span of a batch. Call the returned function when the batch ends, with its result. */
  batch(origins: readonly (RequestOrigin | undefined)[], commands: number): (result: string) => void;
  /** Sends the remaining spans, for at most CLOSE_TIMEOUT_MS. */
  close(): Promise<void>;
}

/** Higher than the number of commands in a batch. */
const MOST_LINKS = 1_024;
const EXPORT_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 2_000;
const FIRST_SERVER_ERROR = 500;
const NAME = /^[_A-Za-z]\w{0,63}$/;

class OpenSpan implements RequestSpan {
  readonly traceparent: string | null;
  readonly #span: Span;
  readonly #errorCode: number;

  constructor(span: Span, errorCode: number) {
    this.#span = span;
    this.#errorCode = errorCode;
    const { spanId, traceId } = span.spanContext();
    this.traceparent = span.isRecording() ? `00-${traceId}-${spanId}-01` : null;
  }

  operation(kind: string, name: string | undefined): void {
    this.#span.setAttribute('graphql.operation.type', kind);
    if (name !== undefined && NAME.test(name)) this.#span.setAttribute('graphql.operation.name', name);
  }

  end(status: number): void {
    this.#span.setAttribute('http.response.status_code', status);
    this.settle(status >= FIRST_SERVER_ERROR);
  }

  settle(isFailed: boolean): void {
    if (isFailed) this.#span.setStatus({ code: this.#errorCode });
    this.#span.end();
  }
}

/** Loads OpenTelemetry only where traces are wanted: loading takes as long as the rest of the server's start. */
export async function openTracing({ endpoint, headers, ratio, serviceName }: TracingSettings): Promise<Tracing> {
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }, { parseTraceParent }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/core'),
  ]);
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_TIMEOUT_MS });
  const sampler = new sdk.TraceIdRatioBasedSampler(ratio);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    // A caller's header must not raise the share of recorded traces.
    sampler: new sdk.ParentBasedSampler({ root: sampler, remoteParentSampled: sampler }),
    spanLimits: { linkCountLimit: MOST_LINKS },
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('revenda');
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api;

  function open(name: string, attributes: Attributes, traceparent: unknown): OpenSpan {
    const caller = typeof traceparent === 'string' ? parseTraceParent(traceparent) : null;
    const context = caller === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...caller, isRemote: true });
    return new OpenSpan(tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, context), SpanStatusCode.ERROR);
  }

  return {
    request({ method, requestId, route, traceparent }) {
      const attributes = { 'http.request.method': method, 'http.route': route, 'revenda.request_id': requestId };
      return open(`${method} ${route}`, attributes, traceparent);
    },
    operation({ socketId, traceparent }) {
      return open('WebSocket /graphql', { 'http.route': '/graphql', 'revenda.request_id': socketId }, traceparent);
    },
    batch(origins, commands) {
      const requests = new Set(origins.map((origin) => origin?.span?.traceparent));
      const links: Link[] = [...requests].flatMap((traceparent) => {
        const context = traceparent ? parseTraceParent(traceparent) : null;
        return context === null ? [] : { context };
      });
      if (links.length === 0) return () => {};
      const span = tracer.startSpan(
        'ledger batch',
        { root: true, links, attributes: { 'revenda.batch.commands': commands } },
        ROOT_CONTEXT,
      );
      return (result) => {
        span.setAttribute('revenda.batch.result', result);
        if (result === 'failed') span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
    },
    async close() {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
      // An unreachable collector must not delay the shutdown.
      await Promise.race([provider.shutdown().catch(() => {}), late]);
      clearTimeout(timer);
    },
  };
}
