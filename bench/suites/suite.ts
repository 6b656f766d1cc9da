/** The interface of a suite of the benchmark. */

import { stat } from 'node:fs/promises';
import type { Sql } from '../../src/db/sql.ts';
import type { Section } from '../report.ts';
import type { RoundOptions } from '../rounds.ts';

/** The parameters of a suite. */
export interface Bench {
  /** The suite's own migrated database, as superuser. */
  readonly url: string;
  readonly sql: Sql;
  readonly rounds: RoundOptions;
  /** Whether to measure less, for a quick look. */
  readonly isQuick: boolean;
  /** Whether the peers are installed. */
  readonly hasPeers: boolean;
  /** The folder of pgledger's SQL, if the user gave one. */
  readonly pgledger: string | null;
  /** Creates another database in the same Postgres, migrated or empty. */
  database(name: string, isMigrated: boolean): Promise<string>;
}

export type Suite = (bench: Bench) => Promise<readonly Section[]>;

export function arePeersInstalled(): Promise<boolean> {
  return stat(new URL('../peers/node_modules', import.meta.url)).then(
    () => true,
    () => false,
  );
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
