import { stat } from 'node:fs/promises';
import type { Sql } from '../../src/db/sql.ts';
import type { Section } from '../report.ts';
import type { RoundOptions } from '../rounds.ts';

/** What a suite is given. */
export interface Bench {
  /** Of a migrated database of its own, as superuser. */
  readonly url: string;
  readonly sql: Sql;
  readonly rounds: RoundOptions;
  /** For a look: less of everything. */
  readonly isQuick: boolean;
  /** Whether the peers are installed. */
  readonly hasPeers: boolean;
  /** Where pgledger's SQL is, if the user said so. */
  readonly pgledger: string | null;
  /** Makes another database in the same Postgres, migrated or empty. */
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
