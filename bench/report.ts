import { median, type Sample } from './measure.ts';
import type { Results } from './rounds.ts';

/** A ratio within one run, and the least it should be. */
export interface Floor {
  readonly what: string;
  /** The name of a cell. */
  readonly over: string;
  /** Names of cells: the best counts. */
  readonly under: readonly string[];
  readonly atLeast: number;
}

/** The medians of all cells, and the ratios against their floors, as text. */
export function report(results: Results, floors: readonly Floor[]): string {
  const lines = [row('medians of the rounds', 'transfers/s', 'Node µs', 'Postgres µs')];
  for (const [name, samples] of results) lines.push(cellRow(name, samples));
  lines.push('', row('ratios', 'measured', 'floor', ''));
  for (const floor of floors) {
    const ratio = ratioOf(results, floor);
    lines.push(row(floor.what, ratio.toFixed(2), String(floor.atLeast), ratio >= floor.atLeast ? 'met' : 'missed'));
  }
  return `${lines.join('\n')}\n\n`;
}

function cellRow(name: string, samples: readonly Sample[]): string {
  const of = (value: (sample: Sample) => number) => {
    const middle = median(samples.map(value));
    return Number.isNaN(middle) ? '-' : Math.round(middle);
  };
  return row(
    name,
    of((sample) => sample.perSecond),
    of((sample) => sample.nodeMicros),
    of((sample) => sample.postgresMicros),
  );
}

function row(name: string, ...values: readonly (string | number)[]): string {
  return name.padEnd(60) + values.map((value) => String(value).padStart(13)).join('');
}

/** The median over the rounds of the ratio within each: what slows a whole round down cancels out. */
function ratioOf(results: Results, { over, under }: Floor): number {
  const rates = (name: string) => (results.get(name) ?? []).map((sample) => sample.perSecond);
  const [best = []] = under.map(rates).sort((a, b) => median(b) - median(a));
  return median(rates(over).map((rate, round) => rate / (best[round] ?? Number.NaN)));
}
