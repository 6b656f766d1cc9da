/** Sets what holds until the transaction ends, also on the machines of a distributed database. */

import type { Transaction } from './sql.ts';

/**
 * In one round trip. By SET LOCAL, which a distributed database repeats to its workers; `set_config` stays where it is called (ADR-0133).
 * Names and values are ours, never a caller's.
 */
export async function setLocal(tx: Transaction, settings: Readonly<Record<string, number | 'off'>>): Promise<void> {
  await tx.unsafe(
    Object.entries(settings)
      .map(([name, value]) => `SET LOCAL ${name} = ${value}`)
      .join('; '),
  );
}
