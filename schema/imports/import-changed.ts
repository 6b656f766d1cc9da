/** The subscription importChanged: the progress of imports. */

import { importsOf, UPLOAD_ROLES } from '../../src/domain/imports/upload-import.ts';
import type { BalanceEvent, ImportChange } from '../../src/feed/feed.ts';
import { NotFound } from '../../src/kernel/errors.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import type { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { clearCaches, viewerOf } from '../core/scopes.ts';
import { concerns, listen, refreshActor, refuseIfClosed } from '../subscriptions/rights.ts';
import { type Rights, watched } from '../subscriptions/watched-stream.ts';
import { findImport, Import } from './import.ts';

/** The rights of the subscription: a valid session of a user who may upload, in a panel that is not locked. */
class ImportRights implements Rights<ImportChange> {
  readonly #ctx: Context;
  /** The lock events of the viewer's own panel. Null for the platform. */
  readonly #locks: AsyncIterableIterator<BalanceEvent> | null;
  #recheck: () => void = () => {};

  constructor(ctx: Context) {
    this.#ctx = ctx;
    const { panel, tenantId } = viewerOf(ctx);
    this.#locks = panel === null ? null : ctx.feed.locks(tenantId, panel.id, null);
  }

  async check() {
    const ctx = this.#ctx;
    const { tenantId } = importsOf(await refreshActor(ctx));
    await refuseIfClosed(ctx);
    return { key: tenantId ?? 'all', open: () => ctx.feed.imports(tenantId) };
  }

  onPossibleChange(recheck: () => void): () => void {
    this.#recheck = recheck;
    const stop = listen(this.#ctx.feed, this);
    return () => {
      stop();
      void this.#locks?.return?.();
    };
  }

  onHint(hint: RightsHint | null): void {
    if (hint === null || concerns(hint, viewerOf(this.#ctx), null)) this.#recheck();
  }

  async watch(): Promise<void> {
    if (this.#locks === null) return;
    for await (const { account } of this.#locks) if (account.balance === 0) await refuseIfClosed(this.#ctx);
  }
}

async function subscribe(ctx: Context): Promise<Stream<ImportChange>> {
  const stream = await watched(new ImportRights(ctx));
  clearCaches(ctx);
  return stream;
}

builder.subscriptionField('importChanged', (t) =>
  t.field({
    type: Import,
    description:
      'The imports that the viewer may see. Sends first the imports in progress and those changed in the last ten minutes, then each import when it changes. Always sends the newest state, so fast changes may be merged; each `version` is sent at most once. For OWNERs of the root panel and the platform.',
    // ImportRights checks whether the panel is a root and whether it is locked.
    authScopes: { person: true, reads: UPLOAD_ROLES },
    subscribe: (_root, _args, ctx) => subscribe(ctx),
    resolve: async (event, _args, ctx) => {
      clearCaches(ctx);
      const found = await findImport(ctx, event);
      if (found === null) throw new NotFound();
      event.sent(found.revision);
      return found;
    },
  }),
);
