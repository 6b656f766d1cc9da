/** One subscriber's stream of the imports of its tenant, or of all. */

import type { ImportChange, ImportEvent } from '../feed.ts';
import { NewestStream, type Source } from '../newest-stream.ts';

export type ImportSource = Source<ImportStream>;

/** One event for each import that changed and was not taken yet. A revision that was offered or sent before is not sent again. */
export class ImportStream extends NewestStream<ImportChange> {
  /** Null: all tenants. */
  readonly tenantId: string | null;
  readonly #most: number;
  /** By import, the last revision that was offered, or a newer one that was sent. */
  readonly #known = new Map<string, number>();

  constructor(source: ImportSource, tenantId: string | null, most: number) {
    super(source);
    this.tenantId = tenantId;
    this.#most = most;
  }

  offer(event: ImportEvent): void {
    const { id, revision } = event;
    if (this.isOver || (this.#known.get(id) ?? 0) >= revision) return;
    this.#remember(id, revision);
    this.keep({ ...event, sent: (newest) => this.#sent(id, newest) });
    this.reader?.ready();
  }

  /** The subscriber was sent a newer revision than was offered: it read the import after the next change had been committed. */
  #sent(id: string, revision: number): void {
    if ((this.#known.get(id) ?? 0) > revision) return;
    this.#remember(id, revision);
    this.drop(id);
  }

  #remember(id: string, revision: number): void {
    this.#known.delete(id);
    this.#known.set(id, revision);
    // A forgotten import may be sent once more.
    if (this.#known.size > this.#most) for (const oldest of this.#known.keys()) if (this.#known.delete(oldest)) break;
  }
}
