/** Loaded into a server first. Each SIGWINCH moves the server's clock to the next offset, and SIGIO collects its garbage. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const HOUR_MS = 3_600_000;
// SIGUSR2 is not available: it makes a server drain and end.
const OFFSETS_MS = [HOUR_MS, -HOUR_MS, 0];

const TrueDate = Date;
let offsetMs = 0;

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [target.now() + offsetMs] : given, newTarget),
  get: (target, name, receiver) => (name === 'now' ? () => target.now() + offsetMs : Reflect.get(target, name, receiver)),
});

process.on('SIGWINCH', () => {
  offsetMs = OFFSETS_MS[(OFFSETS_MS.indexOf(offsetMs) + 1) % OFFSETS_MS.length] ?? 0;
});

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

process.on('SIGIO', () => {
  if (typeof collect === 'function') collect();
});
