/** Draws a QR code as SVG, for a page without scripts. */

import { encode } from 'uqr';

/** The white margin, in modules, that scanners need to find the code. */
const QUIET_ZONE = 4;

/** Draws each run of dark modules as one stroke, a third of the bytes of squares. `label` must be escaped. */
export function qrSvg(text: string, label: string): string {
  const { data, size } = encode(text, { border: QUIET_ZONE });
  const strokes = data.flatMap((row, y) => runsOf(row).map(([x, length]) => `M${x} ${y}h${length}`)).join('');
  return `<svg viewBox="0 -.5 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges"><path fill="#fff" d="M0-.5h${size}v${size}H0z"/><path stroke="#000" d="${strokes}"/></svg>`;
}

/** Where each run of dark modules begins, and its length. */
function runsOf(row: readonly boolean[]): [number, number][] {
  const runs: [number, number][] = [];
  row.forEach((isDark, x) => {
    const last = runs.at(-1);
    if (!isDark) return;
    if (last !== undefined && last[0] + last[1] === x) last[1] += 1;
    else runs.push([x, 1]);
  });
  return runs;
}
