/** Answers /health, /ready and /metrics. */

import { answerMethod, type Exchange } from '../http/exchange.ts';
import type { Metrics } from '../metrics.ts';

const READY_TIMEOUT_MS = 2_000;
const PATHS: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics']);

export interface Health {
  /** Whether the database answers writes and reads. */
  ready(): Promise<boolean>;
}

/** /health: the process is up. /ready: it accepts requests. /metrics: Prometheus. Returns false for any other path. */
export function answerHealth(path: string, exchange: Exchange, health: Health, metrics: Metrics, isDraining: boolean): boolean {
  if (!PATHS.has(path)) return false;
  if (exchange.request.method !== 'GET') {
    answerMethod(exchange, 'GET, HEAD, OPTIONS');
    return true;
  }
  switch (path) {
    case '/health':
      exchange.send(200, 'application/json', '{"status":"ok"}');
      break;
    case '/ready':
      isReady(health, isDraining).then((ready) => {
        exchange.send(ready ? 200 : 503, 'application/json', `{"status":"${ready ? 'ready' : isDraining ? 'draining' : 'unavailable'}"}`);
      });
      break;
    case '/metrics':
      metrics.text().then(
        ({ contentType, body }) => exchange.send(200, contentType, body),
        () => exchange.send(500, 'text/plain', ''),
      );
  }
  return true;
}

async function isReady(health: Health, isDraining: boolean): Promise<boolean> {
  if (isDraining) return false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, READY_TIMEOUT_MS, false);
  });
  const answered = health.ready().catch(() => false);
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
