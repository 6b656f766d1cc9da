/** The port of the webhooks for use cases. */

import type { AddressRules } from './address-rules.ts';
import type { WriteId } from './payloads.ts';

export interface WebhookPort {
  readonly addresses: AddressRules;
  readonly writeId: WriteId;
  /** Call this after an endpoint was changed, or a delivery was written. */
  wake(): void;
}
