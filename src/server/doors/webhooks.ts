/** Receives the events of payment providers under /webhooks/payments. */

import type { Ports } from '../../domain/ports.ts';
import { providerOf } from '../../domain/purchase/payment-accounts.ts';
import { type Reception, receivePayment } from '../../domain/purchase/receive-payment.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Exchange } from '../http/exchange.ts';

/** Payment providers post their events below this path. */
export const WEBHOOK_ROOT = '/webhooks/payments/';
export const WEBHOOK_BODY_BYTES = 256_000;

/** When a provider should retry. All of them follow their own schedule instead. */
const RETRY_AFTER_SECONDS = '30';

const ANSWERS: Readonly<Record<Reception, { readonly status: number; readonly text: string; readonly headers?: readonly string[] }>> = {
  accepted: { status: 200, text: 'Taken.\n' },
  rejected: { status: 400, text: 'Not taken.\n' },
  retry: { status: 503, text: 'Not now.\n', headers: ['retry-after', RETRY_AFTER_SECONDS] },
};

/** Answers a delivery, with 2xx only after everything that follows from it is committed. */
export type WebhookHandler = (exchange: Exchange, path: string, body: Buffer) => void;

/** `isUnavailable`: whether an error only means that the database is unavailable. */
export function createWebhookHandler(
  ports: Pick<Ports, 'ledger' | 'sql' | 'directory' | 'secrets' | 'payments'>,
  isUnavailable: (error: unknown) => boolean,
  log: Logger,
): WebhookHandler {
  async function receive({ request, requestId }: Exchange, path: string, body: Buffer): Promise<Reception | null> {
    const provider = providerOf(path.slice(WEBHOOK_ROOT.length));
    if (provider === null) return null;
    const { searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
    try {
      return await receivePayment(ports, provider, query.get('account') ?? '', { headers: request.headers, query, body });
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      log.warn({ err: error, requestId }, 'the database is not available for a delivery of a payment provider');
      return 'retry';
    }
  }

  return (exchange, path, body) => {
    receive(exchange, path, body).then(
      (reception) => {
        const { headers, status, text } = reception === null ? { status: 404, text: 'Not found.\n', headers: [] } : ANSWERS[reception];
        exchange.send(status, 'text/plain', text, headers);
      },
      (error: unknown) => {
        log.error({ err: error, requestId: exchange.requestId }, 'a delivery of a payment provider failed');
        exchange.send(500, 'text/plain', 'It failed.\n');
      },
    );
  };
}
