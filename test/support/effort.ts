// How much CPU something takes, in a unit that is the same on a fast and on a slow machine.

const NUMBERS = JSON.stringify(Array.from({ length: 20_000 }, (_, at) => ({ at, text: `number ${at}` })));

/** CPU of the whole process since `started`, in microseconds. */
function cpuMicros(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return user + system;
}

/** Reading and writing the same megabyte of JSON: some ten milliseconds here, and slower wherever all else is slower. */
function unitMicros(): number {
  const rounds = [0, 1, 2].map(() => {
    const started = process.cpuUsage();
    if (JSON.stringify(JSON.parse(NUMBERS)).length !== NUMBERS.length) throw new Error('JSON does not read what it wrote');
    return cpuMicros(started);
  });
  return Math.min(...rounds);
}

/** The CPU that this process takes for `run`, counted in readings of a megabyte of JSON. Never a time: other processes and a slow machine change nothing. */
export async function effortOf(run: () => Promise<unknown>): Promise<number> {
  const unit = unitMicros();
  const started = process.cpuUsage();
  await run();
  return cpuMicros(started) / unit;
}
