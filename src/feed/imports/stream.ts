/** One subscriber's stream of the imports of its tenant, or of all. */

import type { ImportEvent } from '../feed.ts';
import { NewestStream, type Source } from '../newest-stream.ts';

export type ImportSource = Source<ImportStream>;

/** One event for each import that changed and was not taken yet. A revision that was offered before is not sent again. */
export class ImportStream extends NewestStream<ImportEvent> {
  /** Null: all tenants. */
  readonly tenantId: string | null;
  readonly #most: number;
  /** By import, the last offered revision. */
  readonly #offered = new Map<string, number>();

  constructor(source: ImportSource, tenantId: string | null, most: number) {
    super(source);
    this.tenantId = tenantId;
    this.#most = most;
  }

  offer(event: ImportEvent): void {
    if (this.isOver || (this.#offered.get(event.id) ?? 0) >= event.revision) return;
    this.#offered.delete(event.id);
    this.#offered.set(event.id, event.revision);
    // A forgotten import may be sent once more.
    if (this.#offered.size > this.#most) for (const oldest of this.#offered.keys()) if (this.#offered.delete(oldest)) break;
    this.keep(event);
    this.reader?.ready();
  }
}
