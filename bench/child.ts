/**
 * A server or a load in its own process, so that it shares neither heap nor event loop with the code that measures
 * it. The parent sends `{ question, value }` over IPC and gets one answer to each, in order.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export type Answer = (question: string, value: unknown) => unknown;

interface Asked {
  readonly question: string;
  readonly value: unknown;
}

type Replied = { readonly answer: unknown } | { readonly problem: string };

/**
 * Runs in the child: answers the parent's questions until the parent disconnects. Every child answers `cpu` with the
 * microseconds it has used.
 */
export function answerParent(answer: Answer): void {
  const reply = (replied: Replied) => process.send?.(replied);
  process.on('message', async ({ question, value }: Asked) => {
    try {
      if (question === 'cpu') {
        const { user, system } = process.cpuUsage();
        reply({ answer: user + system });
      } else reply({ answer: await answer(question, value) });
    } catch (error) {
      reply({ problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  // The parent ended or has finished: nothing in this process is worth a drain.
  process.once('disconnect', () => process.exit(0));
}

export interface Child {
  readonly pid: number;
  /** Sends one question at a time. Rejects with the child's error, or if the child ends. */
  ask(question: string, value?: unknown): Promise<unknown>;
  /** The CPU time the child has used, in microseconds. */
  cpuMicros(): Promise<number>;
  close(): Promise<void>;
}

/** `file` is relative to this folder. */
export function openChild(file: string, execArgv: readonly string[] = []): Child {
  const child = fork(new URL(file, import.meta.url), { execArgv: [...execArgv] });
  const ended = once(child, 'exit');
  let isClosing = false;
  void ended.then(([code]) => {
    if (!isClosing) process.stderr.write(`${file} ended with ${code}.\n`);
  });
  const ask = async (question: string, value?: unknown): Promise<unknown> => {
    const replied = nextReply(child, file);
    child.send({ question, value });
    const reply = await replied;
    if ('problem' in reply) throw new Error(`${file}: ${reply.problem}`);
    return reply.answer;
  };
  return {
    pid: child.pid ?? 0,
    ask,
    cpuMicros: async () => Number(await ask('cpu')),
    async close() {
      isClosing = true;
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function nextReply(child: ChildProcess, file: string): Promise<Replied> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`${file} ended instead of answering`));
    child.once('exit', onExit);
    child.once('message', (reply: Replied) => {
      child.off('exit', onExit);
      resolve(reply);
    });
  });
}
