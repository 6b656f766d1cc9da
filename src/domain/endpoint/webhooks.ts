/** Combines the parts of the webhooks: the follower, the deliverer, and the port for use cases. */

import type { Logger } from '../../kernel/log.ts';
import type { Ports } from '../ports.ts';
import { createAddressRules, type Resolve, resolveName } from './address-rules.ts';
import { createDeliverer, type DeliveryObserver } from './deliver.ts';
import { createFollower } from './follow.ts';
import type { WriteId } from './payloads.ts';
import { createSender } from './sender.ts';
import { countWaiting, sweepDeliveries } from './sweep.ts';
import type { WebhookPort } from './webhook-port.ts';

/** Optional settings. Only the embedded database and tests change them. */
export interface WebhookOptions {
  readonly resolve?: Resolve;
  readonly allowLoopback?: boolean;
  readonly retryDelaysMs?: readonly number[];
  readonly attemptTimeoutMs?: number;
  readonly leaseMs?: number;
}

/** The default options. */
export const DEFAULT_WEBHOOK_OPTIONS: WebhookOptions = {};

export interface WebhookObserver extends DeliveryObserver {
  /** Registers a function that the metrics call when they are read. */
  webhooksWaiting(read: () => number): void;
}

export interface Webhooks {
  readonly port: WebhookPort;
  /** The follower and the deliverer. */
  readonly workers: readonly { start(): void }[];
  /** Call this after customers, purchases or panels may have changed. It neither blocks nor throws. */
  changed(): void;
  accountsChanged(): void;
  sweep(): Promise<void>;
  close(): Promise<void>;
}

interface Dependencies {
  readonly ports: Pick<Ports, 'sql' | 'topology' | 'secrets' | 'mail' | 'outbox'>;
  readonly writeId: WriteId;
  readonly log: Logger;
  readonly observe: WebhookObserver;
  /** Called when an endpoint needs its owner's attention: a delivery was given up, or the endpoint was disabled. */
  readonly endpointsChanged: () => void;
}

export function createWebhooks({ endpointsChanged, log, observe, ports, writeId }: Dependencies, options: WebhookOptions): Webhooks {
  const { allowLoopback = false, attemptTimeoutMs, leaseMs, resolve = resolveName, retryDelaysMs } = options;
  const addresses = createAddressRules({ allowLoopback, resolve });
  const sender = createSender(addresses, attemptTimeoutMs);
  const deliverer = createDeliverer({ ports, sender, log, observe, changed: endpointsChanged, retryDelaysMs, leaseMs });
  const follower = createFollower({ ports, writeId, log, written: deliverer.wake });
  let waiting = 0;
  observe.webhooksWaiting(() => waiting);
  return {
    port: {
      addresses,
      writeId,
      wake() {
        follower.wake();
        deliverer.wake();
      },
    },
    workers: [follower, deliverer],
    changed: follower.wake,
    accountsChanged: follower.accountsChanged,
    async sweep() {
      await sweepDeliveries(ports);
      waiting = await countWaiting(ports);
    },
    async close() {
      await Promise.all([follower.close(), deliverer.close()]);
    },
  };
}
