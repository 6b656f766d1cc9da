/** The subscription supportSessionsChanged: the support sessions in the viewer's panel, now and after each change (R43). */

import type { OpenSupport } from '../../src/domain/identity/support-sessions.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import type { RightsHint } from '../../src/kernel/rights.ts';
import { Stream } from '../../src/kernel/stream.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { clearCaches, viewerOf } from '../core/scopes.ts';
import { SupportSession } from '../people/support.ts';
import { concerns, listen, refreshActor, rightsLoadersOf } from './rights.ts';
import { type Rights, watched } from './watched-stream.ts';

type OpenInPanel = readonly OpenSupport[];

/** The rights: a valid session. At each hint that a support session opened or ended, the open ones are read from the database. */
class SupportRights implements Rights<OpenInPanel> {
  readonly #ctx: Context;
  #open: OpenInPanel = [];
  /** Whether the database is being queried. A support session that ends meanwhile may be in the result, although it is not in #open yet. */
  #isQuerying = false;
  #recheck: () => void = () => {};

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  async check() {
    const ctx = this.#ctx;
    const { panel, tenantId } = await refreshActor(ctx);
    this.#isQuerying = true;
    try {
      this.#open = panel === null ? [] : await rightsLoadersOf(ctx.ports).support.load({ tenantId, id: panel.id });
    } finally {
      this.#isQuerying = false;
    }
    const open = this.#open;
    return { key: `open ${open.map(({ id }) => id).join(' ')}`, open: () => new SingleEvent(open) };
  }

  onPossibleChange(recheck: () => void): () => void {
    this.#recheck = recheck;
    return listen(this.#ctx.feed, this);
  }

  onHint(hint: RightsHint | null): void {
    const viewer = viewerOf(this.#ctx);
    if (hint === null || this.#isQuerying || concerns(hint, viewer, null) || isOpened(hint, viewer)) this.#recheck();
    else if (this.#open.some((one) => mayEnd(hint, one))) this.#recheck();
  }

  watch(): Promise<void> {
    return Promise.resolve();
  }
}

function isOpened(hint: RightsHint, { panel, tenantId }: Actor): boolean {
  return hint.kind === 'support' && hint.tenantId === tenantId && hint.resellerId === panel?.id;
}

/** Whether a hint may mean that this support session has ended: by itself, with the opener's own session, or with the opener's rights. */
function mayEnd(hint: RightsHint, { id, openerId, openerSessionId }: OpenSupport): boolean {
  if (hint.kind === 'session') return hint.sessionId === id || hint.sessionId === openerSessionId;
  return hint.kind === 'user' && hint.userId === openerId;
}

/** A stream of one event. Later changes come from another source with another key. */
class SingleEvent<T> extends Stream<T> {
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
  clearCaches(ctx);
  return stream;
}

builder.subscriptionField('supportSessionsChanged', (t) =>
  t.field({
    type: [SupportSession],
    description:
      "All support sessions that are open in the viewer's own panel, newest first, at most 20: at the start, and each time one begins or ends. Nothing is sent when one reaches its `expiresAt`. Open to a locked panel. For the platform, which has no panel, the list is empty.",
    authScopes: { signedIn: true },
    subscribe: (_root, _args, ctx) => subscribe(ctx),
    resolve: (open, _args, ctx) => {
      clearCaches(ctx);
      return open;
    },
  }),
);
