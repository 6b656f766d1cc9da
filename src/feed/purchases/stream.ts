/** One subscriber's stream of the purchases that it buys or sells. */

import { Overloaded } from '../../kernel/errors.ts';
import { Stream } from '../../kernel/stream.ts';
import type { PurchaseEvent, PurchaseSides } from '../feed.ts';

/** When a subscriber that could not keep up may come again. Seconds. */
const COME_AGAIN_SECONDS = 1;

/** Where a stream is offered what changed. */
export interface PurchaseSource {
  attach(stream: PurchaseStream): void;
  detach(stream: PurchaseStream): void;
}

/** The purchases that changed and were not taken yet, one event each, up to a bound; beyond it the stream ends as Overloaded. */
export class PurchaseStream extends Stream<PurchaseEvent> {
  readonly sides: PurchaseSides;
  readonly #source: PurchaseSource;
  readonly #most: number;
  readonly #pending = new Map<string, PurchaseEvent>();
  #isAttached = false;
  #isOver = false;
  #failure: Overloaded | null = null;

  constructor(source: PurchaseSource, sides: PurchaseSides, most: number) {
    super();
    this.#source = source;
    this.sides = sides;
    this.#most = most;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  offer(event: PurchaseEvent): void {
    if (this.#isOver) return;
    this.#pending.set(event.id, event);
    if (this.#pending.size > this.#most) {
      this.#failure = new Overloaded(COME_AGAIN_SECONDS);
      this.close();
    }
    this.reader?.ready();
  }

  take(): PurchaseEvent | undefined {
    if (this.#failure !== null) {
      const failure = this.#failure;
      this.#failure = null;
      throw failure;
    }
    if (this.#isOver) return undefined;
    if (!this.#isAttached) {
      this.#isAttached = true;
      this.#source.attach(this);
    }
    for (const [id, event] of this.#pending) {
      this.#pending.delete(id);
      return event;
    }
    return undefined;
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#pending.clear();
    this.#source.detach(this);
    this.reader?.ready();
  }
}
