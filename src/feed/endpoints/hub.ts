/** Finds which webhook endpoints changed since the last look, and offers each to those who watch its panel (R50). */

import { ChangedOfPanel } from '../changed-of-panel.ts';
import type { EndpointEvent } from '../feed.ts';

export class Endpoints extends ChangedOfPanel<EndpointEvent> {
  protected page(from: ReadonlyMap<string, number>, length: number) {
    return this.options.journal.changedEndpoints(from, length);
  }
}
