/** Makes settings for the rest of a transaction, also on the workers of a distributed database. */

import type { Transaction } from './sql.ts';

/**
 * Makes all settings in one round trip. Uses SET LOCAL, which a distributed database repeats on its workers; `set_config` has an
 * effect only on the machine where it runs (ADR-0133). Names and values must never come from a caller of the API.
 */
export async function setLocal(tx: Transaction, settings: Readonly<Record<string, number | 'off'>>): Promise<void> {
  await tx.unsafe(
    Object.entries(settings)
      .map(([name, value]) => `SET LOCAL ${name} = ${value}`)
      .join('; '),
  );
}
