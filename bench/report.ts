/** Turns results into goals and Markdown tables. */

import { median, type Sample } from './measure.ts';
import type { Results } from './rounds.ts';

/** One line of the table of goals: a ratio within one run, with the lowest ratio it should reach (for memory, the highest). */
export interface Goal {
  readonly what: string;
  readonly against: string;
  /** The name of a cell. */
  readonly over: string;
  /** Names of cells; the best of them counts. */
  readonly under: readonly string[];
  readonly floor: number;
  readonly goal: number;
  /** Lower is better. */
  readonly isCeiling?: boolean;
}

/** The measured result of a goal. */
export interface Outcome {
  readonly what: string;
  readonly against: string;
  readonly floor: number;
  readonly goal: number;
  readonly isCeiling: boolean;
  /** The median over the rounds of the ratio within each round, so that a slow round cancels out. */
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
}

/** A section of the report: a table with its text. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  readonly outcomes: readonly Outcome[];
}

export type Values = ReadonlyMap<string, readonly number[]>;

export function rates(results: Results): Values {
  return new Map([...results].map(([name, samples]) => [name, samples.map(({ perSecond }) => perSecond)]));
}

/** Leaves out goals whose cells did not run because a peer is not installed. */
export function outcomesOf(values: Values, goals: readonly Goal[]): Outcome[] {
  return goals.flatMap((goal) => {
    const over = values.get(goal.over) ?? [];
    const candidates = goal.under.flatMap((name) => values.get(name) ?? []);
    if (over.length === 0 || candidates.length === 0) return [];
    const sign = goal.isCeiling ? 1 : -1;
    const [best = []] = goal.under.map((name) => values.get(name) ?? []).sort((a, b) => sign * (middle(a) - middle(b)));
    const ratios = over.map((value, round) => value / (best[round] ?? Number.NaN));
    const { what, against, floor, goal: aim, isCeiling = false } = goal;
    const spread = { ratio: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) };
    return [{ what, against, floor, goal: aim, isCeiling, ...spread }];
  });
}

function middle(values: readonly number[]): number {
  return values.length === 0 ? 0 : median(values);
}

export function goalsTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => [
    outcome.what,
    outcome.against,
    String(outcome.floor),
    String(outcome.goal),
    `**${outcome.ratio.toFixed(2)}**`,
    `${outcome.lowest.toFixed(2)} to ${outcome.highest.toFixed(2)}`,
    verdictOf(outcome),
  ]);
  return table(['work', 'against', 'floor', 'goal', 'measured', 'spread', ''], rows);
}

function verdictOf({ ratio, floor, goal, isCeiling }: Outcome): string {
  const meets = (bound: number) => (isCeiling ? ratio <= bound : ratio >= bound);
  if (meets(goal)) return 'goal met';
  return meets(floor) ? 'floor met' : 'missed';
}

/** The median of each cell and the spread over its rounds. */
export function cellsTable(results: Results, what: string): string {
  const rows = [...results].map(([name, samples]) => {
    const of = (value: (sample: Sample) => number) => whole(median(samples.map(value)));
    const speeds = samples.map(({ perSecond }) => perSecond);
    return [
      name,
      of(({ perSecond }) => perSecond),
      `${whole(Math.min(...speeds))} to ${whole(Math.max(...speeds))}`,
      of(({ serverMicros }) => serverMicros),
      of(({ postgresMicros }) => postgresMicros),
    ];
  });
  return table(['', `${what} a second`, 'spread', 'Node µs each', 'Postgres µs each'], rows);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const align = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(align), ...rows.map(line)].join('\n');
}

/** Rounds to the precision that a run on a shared machine allows. */
export function whole(value: number): string {
  if (Number.isNaN(value)) return '-';
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0, useGrouping: false });
}
