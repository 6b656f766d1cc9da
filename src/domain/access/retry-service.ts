/** The use case retryService: what a customer may use is told to the service once more (ADR-0081). */

import type { Actor } from '../../kernel/actor.ts';
import { InvalidState } from '../../kernel/errors.ts';
import { changeCustomer } from '../customer/change-customer.ts';
import { CUSTOMER_ROLES } from '../customer/fields.ts';
import { type RowId, requirePanel } from '../input.ts';
import type { Ports } from '../ports.ts';
import { serviceStates } from './service-state.ts';
import { tellOf } from './write-access.ts';

/** Only after it failed, and once: it waits then, until the service says something. `customer` is what the caller's id names, if anything. */
export async function retryService(ports: Pick<Ports, 'sql' | 'customersChanged'>, actor: Actor, customer: RowId | null): Promise<RowId> {
  const panel = requirePanel(actor, CUSTOMER_ROLES);
  const told = await changeCustomer(ports, actor, panel, customer, async (tx, now) => {
    const [service] = await serviceStates(tx, [now]);
    if (service?.status !== 'FAILED')
      throw new InvalidState('The service has not failed for this customer: there is nothing to try again.');
    await tellOf(tx, 'SERVICE_RETRIED', [now]);
  });
  ports.customersChanged();
  return told;
}
