import './scalars.ts';
import './errors.ts';
import './identity.ts';
import './team.ts';
import './sessions.ts';
import './totp.ts';
import './api-keys.ts';
import './audit-log.ts';
import './read-node.ts';
import './statement.ts';
import './tree.ts';
import './tenant.ts';
import './customer-commands.ts';
import './customer-care.ts';
import './quote.ts';
import './reseller-commands.ts';
import './reseller-care.ts';
import './transfer-commands.ts';
import './policy.ts';
import './report.ts';
import './price-list.ts';
import './purchase-commands.ts';
import './ledger-health.ts';
import './subscriptions.ts';
import { builder } from './builder.ts';
import { assertEveryFieldIsGuarded } from './scopes.ts';

/** The schema. Building it fails when a field has no decision about who may read it. */
export const schema = builder.toSchema();

assertEveryFieldIsGuarded(schema);
