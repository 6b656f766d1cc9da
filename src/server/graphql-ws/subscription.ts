/** One running subscription of a WebSocket client. */

import { monotonicMs } from '../../kernel/clock.ts';
import type { Stream, StreamReader } from '../../kernel/stream.ts';
import { type EventText, joinedFrames } from '../websocket/frame.ts';
import type { WsClient } from './client.ts';
import type { FairScheduler, Worker } from './fair-scheduler.ts';

/** The most that a subscription takes in one share, and writes at once. */
const EVENTS_AT_ONCE = 64;
const CHARACTERS_AT_ONCE = 64_000;

/** The events of one share. All subscriptions reuse this array. */
const texts: EventText[] = [];

/** Notified when a subscription ends by itself. */
export interface SubscriptionOwner {
  /** `failure` has the error that ended it, or is null if it completed. */
  ended(subscription: WsSubscription, failure: { readonly reason: unknown } | null): void;
}

/**
 * A subscription on a socket. When it has events and the scheduler calls it, it takes the available events and writes them at
 * once. While the socket is full it takes no events, so no results are computed for it.
 */
export class WsSubscription implements StreamReader, Worker {
  readonly id: string;
  readonly client: WsClient;
  readonly #results: Stream<EventText>;
  readonly #scheduler: FairScheduler;
  readonly #owner: SubscriptionOwner;
  /** It waits for the scheduler, or for its socket. */
  #isWaiting = false;
  #isStopped = false;

  constructor(id: string, client: WsClient, results: Stream<EventText>, scheduler: FairScheduler, owner: SubscriptionOwner) {
    this.id = id;
    this.client = client;
    this.#results = results;
    this.#scheduler = scheduler;
    this.#owner = owner;
    results.reader = this;
    this.ready();
  }

  ready(): void {
    if (this.#isWaiting || this.#isStopped) return;
    this.#isWaiting = true;
    this.#scheduler.add(this);
  }

  /** Called when its socket has room again. */
  resume(): void {
    this.#isWaiting = false;
    this.ready();
  }

  work(untilMs: number): boolean {
    this.#isWaiting = false;
    // The end of a socket stops its subscriptions too.
    if (this.#isStopped || !this.client.isOpen()) return false;
    texts.length = 0;
    let failure: { readonly reason: unknown } | null = null;
    let hasMore = false;
    if (!this.client.isFull()) {
      try {
        hasMore = this.#take(untilMs);
      } catch (reason) {
        failure = { reason };
      }
      if (texts.length > 0) this.client.write(joinedFrames(this.id, texts));
    }
    if (failure !== null || (!hasMore && this.#results.isOver)) {
      this.#isStopped = true;
      this.#owner.ended(this, failure);
      return false;
    }
    this.#isWaiting = hasMore || this.client.isFull();
    if (!this.client.isFull()) return hasMore;
    this.client.whenTaken(this);
    return false;
  }

  /** Called when the client wants no more events. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#results.close();
  }

  /** Takes events for one share. Returns whether there may be more. */
  #take(untilMs: number): boolean {
    let characters = 0;
    for (let text = this.#results.take(); text !== undefined; text = this.#results.take()) {
      texts.push(text);
      characters += text.text.length;
      if (texts.length === EVENTS_AT_ONCE || characters >= CHARACTERS_AT_ONCE || monotonicMs() >= untilMs) return true;
    }
    return false;
  }
}
