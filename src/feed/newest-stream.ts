/** A subscriber's stream that keeps the newest event of each thing until it is taken. */

import { Stream } from '../kernel/stream.ts';

/** Where a stream is offered what changed, from its first take to its end. */
export interface Source<One> {
  attach(stream: One): void;
  detach(stream: One): void;
}

/** The things that changed and were not taken yet, one event each. */
export abstract class NewestStream<Event extends { readonly id: string }> extends Stream<Event> {
  readonly #source: Source<this>;
  readonly #pending = new Map<string, Event>();
  #isAttached = false;
  #isOver = false;

  constructor(source: Source<NewestStream<Event>>) {
    super();
    this.#source = source;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Answers how many wait. */
  protected keep(event: Event): number {
    this.#pending.set(event.id, event);
    return this.#pending.size;
  }

  take(): Event | undefined {
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
