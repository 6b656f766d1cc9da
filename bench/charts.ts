/** One line of a chart with a logarithmic x axis. */
export interface Series {
  readonly title: string;
  readonly axis: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const CHART = { width: 360, height: 220, left: 62, right: 18, top: 34, bottom: 44 };
const COLUMNS = 3;
const INK = '#24292f';
const PALE = '#d0d7de';
const LINE = '#0969da';

/** Draws small charts next to each other as one SVG. The y axis of each goes from 0 to its own highest value. */
export function chartsOf(all: readonly Series[]): string {
  const width = COLUMNS * CHART.width;
  const height = Math.ceil(all.length / COLUMNS) * CHART.height;
  const charts = all.map((series, index) => {
    const [x, y] = [(index % COLUMNS) * CHART.width, Math.floor(index / COLUMNS) * CHART.height];
    return `<g transform="translate(${x} ${y})">${chartOf(series)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" fill="${INK}">
<title>How throughput changes</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${charts.join('\n')}
</svg>
`;
}

function chartOf({ title, axis, points }: Series): string {
  const { width, height, left, right, top, bottom } = CHART;
  const [innerWidth, innerHeight] = [width - left - right, height - top - bottom];
  const logs = points.map(({ x }) => Math.log10(x));
  const [first, last] = [Math.min(...logs), Math.max(...logs)];
  const most = niceAbove(Math.max(...points.map(({ y }) => y)));
  const across = (x: number) => left + (innerWidth * (Math.log10(x) - first)) / (last - first || 1);
  const up = (y: number) => top + innerHeight * (1 - y / most);
  const line = points.map(({ x, y }) => `${across(x).toFixed(1)},${up(y).toFixed(1)}`).join(' ');
  const dots = points.map(({ x, y }) => `<circle cx="${across(x).toFixed(1)}" cy="${up(y).toFixed(1)}" r="3" fill="${LINE}"/>`);
  const below = points.map(
    ({ x }) => `<text x="${across(x).toFixed(1)}" y="${height - bottom + 16}" text-anchor="middle">${short(x)}</text>`,
  );
  const beside = [0, most / 2, most].map(
    (y) =>
      `<line x1="${left}" x2="${width - right}" y1="${up(y)}" y2="${up(y)}" stroke="${PALE}"/><text x="${left - 6}" y="${up(y) + 4}" text-anchor="end">${short(y)}</text>`,
  );
  return [
    `<text x="${left}" y="18" font-size="13" font-weight="bold">${title}, a second</text>`,
    ...beside,
    `<polyline points="${line}" fill="none" stroke="${LINE}" stroke-width="2"/>`,
    ...dots,
    ...below,
    `<text x="${left + innerWidth / 2}" y="${height - 10}" text-anchor="middle">${axis}</text>`,
  ].join('');
}

/** Rounds up to 1, 2, 4, 5 or 10 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return power * ([1, 2, 4, 5, 10].find((step) => step * power >= value) ?? 10);
}

function short(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : String(value);
}
