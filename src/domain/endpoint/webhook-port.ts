/** What use cases reach for of the webhooks. */

import type { AddressRules } from './address-rules.ts';
import type { WriteId } from './payloads.ts';

export interface WebhookPort {
  readonly addresses: AddressRules;
  readonly writeId: WriteId;
  /** An endpoint was changed, or is to be told something. */
  wake(): void;
}
