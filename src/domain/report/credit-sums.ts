/** Sums the credits that moved in each interval of a report. */

import type { Sql } from '../../db/sql.ts';
import type { TransferKind } from '../../kernel/journal.ts';
import type { Intervals } from './intervals.ts';
import { entriesOf, type PartRequest, readTogether, type Sources, spans } from './sources.ts';

/**
 * Credits that moved in an interval. The balance changed by received - passedOn - activation - renewal - screens + refunded + undone
 * - withdrawn.
 */
export interface CreditSums {
  readonly received: number;
  readonly passedOn: number;
  readonly activation: number;
  readonly renewal: number;
  readonly screens: number;
  readonly refunded: number;
  readonly undone: number;
  readonly withdrawn: number;
}

interface Row {
  readonly panel: string;
  readonly interval: number;
  readonly kind: TransferKind;
  readonly came: number;
  readonly went: number;
}

/** Sums each interval of each report from the journal. In a branch, credits that moved between two of its panels do not count. */
export function creditSums(sql: Sql, asked: readonly PartRequest<Intervals>[]): Promise<(readonly CreditSums[])[]> {
  return readTogether(asked, (sources) => sumCredits(sql, sources), noneMoved);
}

async function sumCredits(sql: Sql, of: Sources<Intervals>): Promise<ReadonlyMap<string, readonly CreditSums[]>> {
  const rows = await sql<Row[]>`
    WITH ${spans(sql, of)}
    SELECT panel, interval, kind, coalesce(sum(delta) FILTER (WHERE delta > 0), 0)::bigint AS came,
      coalesce(-sum(delta) FILTER (WHERE delta < 0), 0)::bigint AS went
    FROM (${of.branchPath === null ? entriesOf(sql, of) : outward(sql, of)}) AS counted
    GROUP BY panel, interval, kind`;
  const found = new Map<string, Sums[]>();
  for (const row of rows) {
    const sums = found.get(row.panel) ?? noneMoved(of.within);
    found.set(row.panel, sums);
    const sum = sums[row.interval - 1];
    if (sum) add(sum, row);
  }
  return found;
}

function noneMoved({ startsMs }: Intervals): Sums[] {
  return startsMs.map(() => ({ ...NOTHING }));
}

/**
 * The entries without moves between two panels of the branch: the other account of such a move changed in the period too, so it has
 * a span. NOT IN always uses a hash table, whatever the planner expects. For NOT EXISTS it looped over all spans for every entry
 * (observed).
 */
function outward(sql: Sql, of: Sources<Intervals>) {
  return sql`
    SELECT moved.*
    FROM (
      SELECT made.*, CASE WHEN made.delta > 0 THEN transfer.from_id ELSE transfer.to_id END AS other_id
      FROM (${entriesOf(sql, of)}) AS made
      -- Entries of the other kinds have no other account, so nothing is looked up for them.
      LEFT JOIN transfer ON transfer.tenant_id = ${of.tenantId}
        AND transfer.id = CASE WHEN made.kind IN ('PURCHASE', 'GRANT', 'TRANSFER', 'RECLAIM', 'SWEEP', 'CHARGEBACK', 'REVERSAL') THEN made.transfer_id END
    ) AS moved
    WHERE moved.other_id IS NULL OR moved.other_id NOT IN (SELECT span.id FROM span)`;
}

const NOTHING: CreditSums = { received: 0, passedOn: 0, activation: 0, renewal: 0, screens: 0, refunded: 0, undone: 0, withdrawn: 0 };

type Sums = { -readonly [Field in keyof CreditSums]: number };

/** The field in which a kind counts when credits come in, and when they go out. */
const FIELDS: Record<TransferKind, readonly [keyof CreditSums, keyof CreditSums]> = {
  ISSUE: ['received', 'passedOn'],
  PURCHASE: ['received', 'passedOn'],
  GRANT: ['received', 'passedOn'],
  TRANSFER: ['received', 'passedOn'],
  RECLAIM: ['received', 'passedOn'],
  SWEEP: ['received', 'passedOn'],
  ACTIVATION: ['activation', 'activation'],
  RENEWAL: ['renewal', 'renewal'],
  SCREENS: ['screens', 'screens'],
  REFUND: ['refunded', 'refunded'],
  // After a charge-back of a parent's sale the credits go back to the parent.
  CHARGEBACK: ['received', 'withdrawn'],
  REVERSAL: ['received', 'passedOn'],
  UNDO: ['undone', 'undone'],
};

function add(sum: Sums, { came, kind, went }: Row): void {
  const [whenCame, whenWent] = FIELDS[kind];
  sum[whenCame] += came;
  sum[whenWent] += went;
}

export function totalOf(sums: readonly CreditSums[]): CreditSums {
  const total: Sums = { ...NOTHING };
  for (const sum of sums) {
    total.received += sum.received;
    total.passedOn += sum.passedOn;
    total.activation += sum.activation;
    total.renewal += sum.renewal;
    total.screens += sum.screens;
    total.refunded += sum.refunded;
    total.undone += sum.undone;
    total.withdrawn += sum.withdrawn;
  }
  return total;
}
