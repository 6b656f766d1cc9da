/** One running subscription of a WebSocket client. */

import { monotonicMs } from '../../kernel/clock.ts';
import type { Stream, StreamReader } from '../../kernel/stream.ts';
import { type EventText, joinedFrames } from '../websocket/frame.ts';
import type { WsClient } from './client.ts';
import type { Turns, Worker } from './fair-scheduler.ts';

/** What one socket is given in one share: written at once. */
const EVENTS_AT_ONCE = 64;
const CHARACTERS_AT_ONCE = 64_000;

/** What is taken in one share, by one subscription after another. */
const texts: EventText[] = [];

/** Told when a subscription ended by itself. */
export interface SubscriptionOwner {
  /** `failure`: what ended it, where it did not just end. */
  ended(subscription: WsSubscription, failure: { readonly reason: unknown } | null): void;
}

/**
 * A subscription on a socket: when there are events, and its turn comes, it takes those that there are and writes them at
 * once. While the socket is full nothing is taken, so nothing is made for it.
 */
export class WsSubscription implements StreamReader, Worker {
  readonly id: string;
  readonly client: WsClient;
  readonly #results: Stream<EventText>;
  readonly #turns: Turns;
  readonly #owner: SubscriptionOwner;
  /** It waits for its turn, or for its socket. */
  #isWaiting = false;
  #isStopped = false;

  constructor(id: string, client: WsClient, results: Stream<EventText>, turns: Turns, owner: SubscriptionOwner) {
    this.id = id;
    this.client = client;
    this.#results = results;
    this.#turns = turns;
    this.#owner = owner;
    results.reader = this;
    this.ready();
  }

  ready(): void {
    if (this.#isWaiting || this.#isStopped) return;
    this.#isWaiting = true;
    this.#turns.add(this);
  }

  /** Its socket has room again. */
  resume(): void {
    this.#isWaiting = false;
    this.ready();
  }

  work(untilMs: number): boolean {
    this.#isWaiting = false;
    // What ends the socket ends this too.
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

  /** Nobody wants more of it. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#results.close();
  }

  /** Answers whether there may be more. */
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
