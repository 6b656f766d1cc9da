/** The subscription supportSessionsChanged: who looks at the viewer's panel, at the start and each time it changes. */

import type { OpenSupport } from '../../src/domain/identity/support-sessions.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { forget, viewerOf } from '../core/scopes.ts';
import { SupportSession } from '../people/support.ts';
import { actsNow, asksOf, concerns, listen } from './rights.ts';
import { type Rights, watched } from './watched-stream.ts';

type OpenInPanel = readonly OpenSupport[];

/** A valid session. What is open is asked of the database at each hint of what opens or ends one: nobody keeps a second record of it. */
class SupportRights implements Rights<OpenInPanel> {
  readonly #ctx: Context;
  #open: OpenInPanel = [];
  /** What ends while it is asked may be in the answer, and was in none before. */
  #isAsking = false;
  #recheck: () => void = () => {};

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  async check() {
    const ctx = this.#ctx;
    const { panel, tenantId } = await actsNow(ctx);
    this.#isAsking = true;
    try {
      this.#open = panel === null ? [] : await asksOf(ctx.ports).support.load({ tenantId, id: panel.id });
    } finally {
      this.#isAsking = false;
    }
    const open = this.#open;
    return { key: `open ${open.map(({ id }) => id).join(' ')}`, open: () => new Told(open) };
  }

  onDoubt(recheck: () => void): () => void {
    this.#recheck = recheck;
    return listen(this.#ctx.feed, this);
  }

  hear(hint: RightsHint | null): void {
    const viewer = viewerOf(this.#ctx);
    if (hint === null || this.#isAsking || concerns(hint, viewer, null) || isOpened(hint, viewer)) this.#recheck();
    else if (this.#open.some((one) => mayEnd(hint, one))) this.#recheck();
  }

  watch(): Promise<void> {
    return Promise.resolve();
  }
}

function isOpened(hint: RightsHint, { panel, tenantId }: Actor): boolean {
  return hint.kind === 'support' && hint.tenantId === tenantId && hint.resellerId === panel?.id;
}

/** It is left by its own session's end, and ends with that of whoever opened it, or with that person's rights. */
function mayEnd(hint: RightsHint, { id, openerId, openerSessionId }: OpenSupport): boolean {
  if (hint.kind === 'session') return hint.sessionId === id || hint.sessionId === openerSessionId;
  return hint.kind === 'user' && hint.userId === openerId;
}

/** One event, and then nothing: what is different later comes from another source. */
class Told<T> extends Stream<T> {
  #event: T | undefined;
  #isOver = false;

  constructor(event: T) {
    super();
    this.#event = event;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  take(): T | undefined {
    const event = this.#event;
    this.#event = undefined;
    return event;
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#event = undefined;
    this.reader?.ready();
  }
}

async function subscribe(ctx: Context): Promise<Stream<OpenInPanel>> {
  const stream = await watched(new SupportRights(ctx));
  forget(ctx);
  return stream;
}

builder.subscriptionField('supportSessionsChanged', (t) =>
  t.field({
    type: [SupportSession],
    description:
      "The support sessions that look at the viewer's own panel: those open now, and all that are open each time one begins or ends, newest first, at most 20. That one has reached its `expiresAt` is not told. Open to a locked panel; of the platform, which has no panel, none.",
    authScopes: { signedIn: true },
    subscribe: (_root, _args, ctx) => subscribe(ctx),
    resolve: (open, _args, ctx) => {
      forget(ctx);
      return open;
    },
  }),
);
