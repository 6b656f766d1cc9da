/** One subscriber's stream of what the customers of a panel pay. */

import { Overloaded } from '../../kernel/errors.ts';
import type { PaymentEvent } from '../feed.ts';
import { NewestStream, type Source } from '../newest-stream.ts';

/** When a subscriber that could not keep up may come again. Seconds. */
const COME_AGAIN_SECONDS = 1;

export type PaymentSource = Source<PaymentStream>;

/** The payments that changed and were not taken yet, one event each, up to a bound; beyond it the stream ends as Overloaded. */
export class PaymentStream extends NewestStream<PaymentEvent> {
  readonly panel: { readonly tenantId: string; readonly resellerId: string };
  readonly #most: number;
  #failure: Overloaded | null = null;

  constructor(source: PaymentSource, panel: PaymentStream['panel'], most: number) {
    super(source);
    this.panel = panel;
    this.#most = most;
  }

  offer(event: PaymentEvent): void {
    if (this.isOver) return;
    if (this.keep(event) > this.#most) {
      this.#failure = new Overloaded(COME_AGAIN_SECONDS);
      this.close();
    }
    this.reader?.ready();
  }

  override take(): PaymentEvent | undefined {
    if (this.#failure !== null) {
      const failure = this.#failure;
      this.#failure = null;
      throw failure;
    }
    return super.take();
  }
}
