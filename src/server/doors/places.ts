/** Bounds how many long answers are sent at once, in all and for each tenant. */

import { LimitExceeded, Overloaded } from '../../kernel/errors.ts';
import type { ExportLimits } from '../limits.ts';

/** Takes a place of a tenant; call the result to give it back. Throws LimitExceeded or Overloaded when there is none. */
export type Places = (tenantId: string) => () => void;

export function createPlaces(limits: ExportLimits): Places {
  const running = new Map<string, number>();
  let total = 0;
  return (tenantId) => {
    const ofTenant = running.get(tenantId) ?? 0;
    if (ofTenant >= limits.exportsPerTenant)
      throw new LimitExceeded(`${limits.exportsPerTenant} exports of your tenant are being sent: wait for one to end.`);
    if (total >= limits.exports) throw new Overloaded(limits.retryAfterSeconds, 'Too many exports are being sent: try again.');
    total += 1;
    running.set(tenantId, ofTenant + 1);
    return () => {
      total -= 1;
      const left = (running.get(tenantId) ?? 1) - 1;
      if (left > 0) running.set(tenantId, left);
      else running.delete(tenantId);
    };
  };
}
