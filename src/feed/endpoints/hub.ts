/** Finds the webhook endpoints that changed since the last check, and offers each to its panel's subscribers (R50). */

import { ChangedOfPanel } from '../changed-of-panel.ts';
import type { EndpointEvent } from '../feed.ts';

export class Endpoints extends ChangedOfPanel<EndpointEvent> {
  protected page(from: ReadonlyMap<string, number>, length: number) {
    return this.options.journal.changedEndpoints(from, length);
  }
}
