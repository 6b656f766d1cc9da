/** One subscriber's stream of the imports of its tenant, or of all. */

import type { ImportEvent } from '../feed.ts';
import { NewestStream, type Source } from '../newest-stream.ts';

export type ImportSource = Source<ImportStream>;

/** The imports that changed and were not taken yet, one event each. What was offered before is not told again. */
export class ImportStream extends NewestStream<ImportEvent> {
  /** null: of all tenants. */
  readonly tenantId: string | null;
  readonly #most: number;
  /** By import, how often the one that was offered had changed. */
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
    // One that is forgotten may be told once more.
    if (this.#offered.size > this.#most) for (const oldest of this.#offered.keys()) if (this.#offered.delete(oldest)) break;
    this.keep(event);
    this.reader?.ready();
  }
}
