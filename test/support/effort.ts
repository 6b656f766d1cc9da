// Measures how much CPU a piece of work takes, in a unit that is the same on a fast and on a slow machine.

const NUMBERS = JSON.stringify(Array.from({ length: 20_000 }, (_, at) => ({ at, text: `number ${at}` })));

/** The CPU time of the whole process since `started`, in microseconds. */
function cpuMicros(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return user + system;
}

/** CPU time to read and write a fixed megabyte of JSON: about ten milliseconds here, and longer on a slower machine. */
function unitMicros(): number {
  const rounds = [0, 1, 2].map(() => {
    const started = process.cpuUsage();
    if (JSON.stringify(JSON.parse(NUMBERS)).length !== NUMBERS.length) throw new Error('JSON does not read what it wrote');
    return cpuMicros(started);
  });
  return Math.min(...rounds);
}

/**
 * The CPU time that this process takes for `run`, divided by the time to read a megabyte of JSON. It is not elapsed
 * time: other processes and a slow machine do not change it.
 */
export async function effortOf(run: () => Promise<unknown>): Promise<number> {
  const unit = unitMicros();
  const started = process.cpuUsage();
  await run();
  return cpuMicros(started) / unit;
}
