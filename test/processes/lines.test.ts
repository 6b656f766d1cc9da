import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Line } from '../../src/processes/line.ts';
import type { ToChild, ToFirst } from '../../src/processes/messages.ts';
import { CAN_PAIR, socketPair } from '../../src/processes/socket-pair.ts';
import { until } from '../support/until.ts';

const CHILD = fileURLToPath(new URL('../support/processes/sibling.child.ts', import.meta.url));

interface Report {
  readonly kind: 'report';
  readonly what: 'heard' | 'lost';
  readonly from: number;
  readonly text: string;
}

/** A child process and its messages to this process, which plays the first process. */
function startChild() {
  const child = fork(CHILD);
  const reports: Report[] = [];
  const told: ToFirst[] = [];
  child.on('message', (message: ToFirst | Report) => {
    if (message.kind === 'report') reports.push(message);
    else told.push(message);
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, reports, told };
}

function tell(child: ChildProcess, message: ToChild): void {
  child.send(message);
}

const say = (text: string, to: number): ToChild => ({ kind: 'told', topic: 'say', value: text, from: to });

test.runIf(CAN_PAIR)('two processes send to each other without the first one, until one ends, and then through it', async () => {
  const [one, two] = [startChild(), startChild()];
  tell(one.child, say('before', 2));
  await until(() => one.told.length === 1);
  const [toOne, toTwo] = await socketPair();
  one.child.send({ kind: 'line', with: 2 } satisfies ToChild, toOne);
  two.child.send({ kind: 'line', with: 1 } satisfies ToChild, toTwo);
  const long = 'é'.repeat(300_000);
  for (const text of ['', 'two\nlines', long]) tell(one.child, say(text, 2));
  await until(() => two.reports.length === 3);
  expect(two.reports.map(({ from, text, what }) => ({ what, from, text }))).toEqual(
    ['', 'two\nlines', long].map((text) => ({ what: 'heard', from: 1, text })),
  );
  tell(two.child, say('back', 1));
  await until(() => one.reports.length === 1);
  expect(one.reports[0]).toMatchObject({ what: 'heard', from: 2, text: 'back' });
  expect([...one.told, ...two.told]).toEqual([{ kind: 'tell', topic: 'said', value: 'before', to: 2 }]);

  two.child.kill('SIGKILL');
  await until(() => one.reports.length === 2);
  expect(one.reports[1]).toMatchObject({ what: 'lost', from: 2 });
  tell(one.child, say('after', 2));
  await until(() => one.told.length === 2);
});

test.runIf(CAN_PAIR)('messages arrive whole and in order however their bytes are cut', async () => {
  const [from, to] = await socketPair();
  const heard: string[] = [];
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  new Line(to, { received: (topic, text) => heard.push(`${topic} ${text}`), lost: resolve });
  const whole: Buffer[] = [];
  const sent = Array.from({ length: 20 }, (_, index) => 'ü'.repeat(index * 7));
  const catcher = { write: (bytes: Buffer) => whole.push(bytes), on() {}, once() {}, resume() {} };
  const sender = new Line(catcher, { received() {}, lost() {} });
  for (const text of sent) sender.send('t', text);
  const bytes = Buffer.concat(whole);
  for (let at = 0; at < bytes.length; at += 3) {
    from.write(bytes.subarray(at, at + 3));
    // Each piece arrives in its own turn of the event loop.
    await new Promise(setImmediate);
  }
  from.destroy();
  await lost;
  expect(heard).toEqual(sent.map((text) => `t ${text}`));
});
