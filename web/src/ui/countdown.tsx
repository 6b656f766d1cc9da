/** The minutes and seconds until a time, hidden from screen readers. */

import { useEffect, useState } from 'react';
import { useChange } from '../data/use-change.ts';

const SECOND_MS = 1_000;

/** The component around it gives screen readers the time itself, once. Renders nothing once the time is over on this device's clock. */
export function Countdown({ until, onEnd }: { until: string; onEnd: () => void }) {
  const [nowMs, setNowMs] = useState(Date.now);
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - nowMs) / SECOND_MS));
  const isOver = seconds === 0;
  useChange(isOver, () => {
    if (isOver) onEnd();
  });
  useEffect(() => {
    if (isOver) return;
    const timer = setInterval(() => setNowMs(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, [isOver]);
  if (isOver) return null;
  return (
    <span aria-hidden className="numbers">
      {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
    </span>
  );
}
