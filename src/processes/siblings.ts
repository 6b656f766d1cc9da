/** A child's end of what the processes of one port tell each other. */

import cluster from 'node:cluster';
import type { Siblings } from '../kernel/siblings.ts';
import type { ToChild, ToFirst } from './messages.ts';

/** The first process is gone: then this one ends as well, and nobody is left to tell. */
function send(message: ToFirst): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

export function createSiblings(): Siblings {
  const listeners = new Map<string, (value: unknown, from: number) => void>();
  const joined: (() => void)[] = [];
  const gone: ((from: number) => void)[] = [];
  const questions = new Map<number, (text: string) => void>();
  let asked = 0;
  let own: () => Promise<unknown> = async () => [];

  process.on('message', (message: ToChild) => {
    if (message.kind === 'told') listeners.get(message.topic)?.(message.value, message.from);
    else if (message.kind === 'joined') for (const listener of joined) listener();
    else if (message.kind === 'gone') for (const listener of gone) listener(message.from);
    else if (message.kind === 'give metrics') {
      const { question } = message;
      own().then(
        (json) => send({ kind: 'metrics', question, json }),
        () => send({ kind: 'metrics', question, json: [] }),
      );
    } else if (message.kind === 'metrics of all') {
      questions.get(message.question)?.(message.text);
      questions.delete(message.question);
    }
  });

  return {
    self: cluster.worker?.id ?? 0,
    tell: (topic, value) => send({ kind: 'tell', topic, value }),
    tellOne: (to, topic, value) => send({ kind: 'tell', topic, value, to }),
    hear: (topic, listener) => void listeners.set(topic, listener),
    onJoined: (listener) => void joined.push(listener),
    onGone: (listener) => void gone.push(listener),
    metrics() {
      asked += 1;
      const question = asked;
      return new Promise((resolve) => {
        questions.set(question, resolve);
        send({ kind: 'ask metrics', question });
      });
    },
    onMetrics(read) {
      own = read;
    },
  };
}
