/** A subscriber's stream that keeps the newest event of each row until it is taken. */

import { Overloaded } from '../kernel/errors.ts';
import { Stream } from '../kernel/stream.ts';

/** When a subscriber that could not keep up may subscribe again. Seconds. */
const COME_AGAIN_SECONDS = 1;

/** Offers changes to its attached streams: a stream is attached from its first `take` to its end. */
export interface Source<One> {
  attach(stream: One): void;
  detach(stream: One): void;
}

/** One event for each row that changed and was not taken yet. */
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

  /** Keeps an event until it is taken. Returns how many wait. */
  protected keep(event: Event): number {
    this.#pending.set(event.id, event);
    return this.#pending.size;
  }

  /** Drops the event of a row that waits, if there is one. */
  protected drop(id: string): void {
    this.#pending.delete(id);
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

/** A NewestStream with a limit: when more events wait, the stream ends with Overloaded. */
export abstract class BoundedStream<Event extends { readonly id: string }> extends NewestStream<Event> {
  readonly #most: number;
  #failure: Overloaded | null = null;

  constructor(source: Source<NewestStream<Event>>, most: number) {
    super(source);
    this.#most = most;
  }

  offer(event: Event): void {
    if (this.isOver) return;
    if (this.keep(event) > this.#most) {
      this.#failure = new Overloaded(COME_AGAIN_SECONDS);
      this.close();
    }
    this.reader?.ready();
  }

  override take(): Event | undefined {
    if (this.#failure !== null) {
      const failure = this.#failure;
      this.#failure = null;
      throw failure;
    }
    return super.take();
  }
}
