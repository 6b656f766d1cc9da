/** Finds the rows that changed since the last check, and offers each to the subscribers of its panel. */

import { ChangedRows } from './changed-rows.ts';
import { BoundedStream, type Source } from './newest-stream.ts';

interface PanelKey {
  readonly tenantId: string;
  readonly resellerId: string;
}

/** A row of a panel has changed. */
interface PanelEvent extends PanelKey {
  readonly id: string;
}

/** One subscriber's stream: one event for each row that changed and was not taken yet. */
export class PanelStream<Event extends PanelEvent> extends BoundedStream<Event> {
  readonly panel: PanelKey;

  constructor(source: Source<PanelStream<Event>>, panel: PanelKey, most: number) {
    super(source, most);
    this.panel = panel;
  }
}

export abstract class ChangedOfPanel<Event extends PanelEvent> extends ChangedRows<Event> implements Source<PanelStream<Event>> {
  readonly #byPanel = new Map<string, Set<PanelStream<Event>>>();

  protected get isWatched(): boolean {
    return this.#byPanel.size > 0;
  }

  protected offer(event: Event): void {
    for (const stream of this.#byPanel.get(keyOf(event)) ?? []) stream.offer(event);
  }

  attach(stream: PanelStream<Event>): void {
    const streams = this.#byPanel.get(keyOf(stream.panel)) ?? new Set();
    this.#byPanel.set(keyOf(stream.panel), streams.add(stream));
    this.check();
  }

  detach(stream: PanelStream<Event>): void {
    const streams = this.#byPanel.get(keyOf(stream.panel));
    streams?.delete(stream);
    if (streams?.size === 0) this.#byPanel.delete(keyOf(stream.panel));
  }

  closeAll(): void {
    for (const streams of this.#byPanel.values()) for (const stream of streams) stream.close();
  }
}

function keyOf({ resellerId, tenantId }: PanelKey): string {
  return `${tenantId}/${resellerId}`;
}
