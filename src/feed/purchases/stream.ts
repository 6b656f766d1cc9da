/** One subscriber's stream of the purchases that it buys or sells. */

import { Overloaded } from '../../kernel/errors.ts';
import type { PurchaseEvent, PurchaseSides } from '../feed.ts';
import { NewestStream, type Source } from '../newest-stream.ts';

/** When a subscriber that could not keep up may come again. Seconds. */
const COME_AGAIN_SECONDS = 1;

export type PurchaseSource = Source<PurchaseStream>;

/** The purchases that changed and were not taken yet, one event each, up to a bound; beyond it the stream ends as Overloaded. */
export class PurchaseStream extends NewestStream<PurchaseEvent> {
  readonly sides: PurchaseSides;
  readonly #most: number;
  #failure: Overloaded | null = null;

  constructor(source: PurchaseSource, sides: PurchaseSides, most: number) {
    super(source);
    this.sides = sides;
    this.#most = most;
  }

  offer(event: PurchaseEvent): void {
    if (this.isOver) return;
    if (this.keep(event) > this.#most) {
      this.#failure = new Overloaded(COME_AGAIN_SECONDS);
      this.close();
    }
    this.reader?.ready();
  }

  override take(): PurchaseEvent | undefined {
    if (this.#failure !== null) {
      const failure = this.#failure;
      this.#failure = null;
      throw failure;
    }
    return super.take();
  }
}
