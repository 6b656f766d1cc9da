/** The use case retryService: sends a customer's access to the service once more (ADR-0081). */

import type { Actor } from '../../kernel/actor.ts';
import { InvalidState } from '../../kernel/errors.ts';
import { changeCustomer } from '../customer/change-customer.ts';
import { CUSTOMER_ROLES } from '../customer/fields.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { serviceStates } from './service-state.ts';
import { addAccessEvents } from './write-access.ts';

/**
 * Possible only after a failure, and once: then it waits until the service reports a state. `customer` is the row that the caller's
 * id names, or null.
 */
export async function retryService(ports: Pick<Ports, 'sql' | 'customersChanged'>, actor: Actor, customer: RowId | null): Promise<RowId> {
  const panel = requirePanel(actor, CUSTOMER_ROLES);
  const retried = await changeCustomer(ports, actor, panel, customer, async (tx, now) => {
    const [service] = await serviceStates(tx, [now]);
    if (service?.status !== 'FAILED') throw new InvalidState('The service has not failed for this customer: there is nothing to retry.');
    await addAccessEvents(tx, 'SERVICE_RETRIED', [now]);
  });
  ports.customersChanged();
  return retried;
}
