/** Builds the schema from all modules. */

import './core/scalars.ts';
import './core/errors.ts';
import './people/viewer.ts';
import './people/password-reset.ts';
import './people/team.ts';
import './people/sessions.ts';
import './people/support.ts';
import './people/totp.ts';
import './people/api-keys.ts';
import './people/audit-log.ts';
import './node-queries.ts';
import './credits/statement.ts';
import './resellers/tree.ts';
import './tenants/tenant.ts';
import './customers/credit-mutations.ts';
import './customers/detail-mutations.ts';
import './customers/access.ts';
import './customers/payments.ts';
import './customers/plans.ts';
import './customers/renewal-link.ts';
import './customers/service.ts';
import './reminders/rules.ts';
import './reminders/messages.ts';
import './customers/undo.ts';
import './customers/quote.ts';
import './resellers/create-and-move.ts';
import './resellers/mutations.ts';
import './credits/transfer-mutations.ts';
import './tenants/policy.ts';
import './resellers/report.ts';
import './purchases/price-list.ts';
import './purchases/seller-card.ts';
import './purchases/mutations.ts';
import './credits/ledger-health.ts';
import './subscriptions/fields.ts';
import './subscriptions/purchase-changed.ts';
import './subscriptions/customer-changed.ts';
import './subscriptions/customer-payment-changed.ts';
import './subscriptions/access-changed.ts';
import './subscriptions/support-sessions-changed.ts';
import './subscriptions/webhook-endpoint-changed.ts';
import './webhooks/mutations.ts';
import './imports/invitations.ts';
import './imports/mutations.ts';
import './imports/import-changed.ts';
import { builder } from './core/builder.ts';
import { assertEveryFieldIsGuarded } from './core/scopes.ts';

/** The schema. Building it fails if a field does not declare who may read it. */
export const schema = builder.toSchema();

assertEveryFieldIsGuarded(schema);
