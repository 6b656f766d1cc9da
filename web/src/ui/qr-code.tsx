/** Draws a QR code. */

import { useMemo } from 'react';
import { encode } from 'uqr';

/** The white margin that readers need to find the code, in modules. */
const QUIET_ZONE = 4;
const SIDE_PX = 220;

/** Dark on white in both color schemes, because readers expect it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => drawingOf(text), [text]);
  return (
    <svg viewBox={`0 0 ${size} ${size}`} width={SIDE_PX} height={SIDE_PX} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** One square for every dark module. */
function drawingOf(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { border: QUIET_ZONE });
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: squares.join('') };
}
