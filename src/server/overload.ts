import { monitorEventLoopDelay } from 'node:perf_hooks';

const SAMPLE_MS = 500;
const RESOLUTION_MS = 10;
/** Fewer samples than these say nothing about the usual turn: one long turn is not an overload. */
const MIN_SAMPLES = 3;
const NS_PER_MS = 1e6;

/** Whether the event loop is so late that new work should be refused before it is read. */
export interface OverloadGuard {
  isOverloaded(): boolean;
  close(): void;
}

export function watchEventLoop(maxDelayMs: number): OverloadGuard {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let overloaded = false;
  delays.enable();
  const timer = setInterval(() => {
    overloaded = delays.count >= MIN_SAMPLES && delays.percentile(50) / NS_PER_MS > maxDelayMs;
    delays.reset();
  }, SAMPLE_MS).unref();
  return {
    isOverloaded: () => overloaded,
    close() {
      clearInterval(timer);
      delays.disable();
    },
  };
}
