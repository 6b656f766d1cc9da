/** A child's end of the messages between the processes of one port. */

import cluster from 'node:cluster';
import { Socket } from 'node:net';
import type { Siblings } from '../kernel/siblings.ts';
import { Line } from './line.ts';
import type { ToChild, ToFirst } from './messages.ts';

/** Sends nothing if the first process is gone: then this process ends as well. */
function send(message: ToFirst): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

export function createSiblings(): Siblings {
  const listeners = new Map<string, (value: unknown, from: number) => void>();
  const joined: (() => void)[] = [];
  const gone: ((from: number) => void)[] = [];
  const lost: ((to: number) => void)[] = [];
  const lines = new Map<number, Line>();
  const questions = new Map<number, (text: string) => void>();
  let lastQuestion = 0;
  let own: () => Promise<unknown> = async () => [];

  const keepLine = (other: number, socket: Socket) => {
    const line = new Line(socket, {
      received: (topic, text) => listeners.get(topic)?.(text, other),
      lost() {
        if (lines.get(other) === line) lines.delete(other);
        for (const listener of lost) listener(other);
      },
    });
    lines.set(other, line);
  };

  process.on('message', (message: ToChild, handle: unknown) => {
    if (message.kind === 'told') listeners.get(message.topic)?.(message.value, message.from);
    else if (message.kind === 'joined') for (const listener of joined) listener();
    else if (message.kind === 'gone') for (const listener of gone) listener(message.from);
    else if (message.kind === 'line') {
      // Without a socket, the other process has already ended.
      if (handle instanceof Socket) keepLine(message.with, handle);
    } else if (message.kind === 'give metrics') {
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
    broadcast: (topic, value) => send({ kind: 'tell', topic, value }),
    sendTo(to, topic, text) {
      const line = lines.get(to);
      if (line) line.send(topic, text);
      else send({ kind: 'tell', topic, value: text, to });
    },
    receive: (topic, listener) => void listeners.set(topic, listener),
    onJoined: (listener) => void joined.push(listener),
    onGone: (listener) => void gone.push(listener),
    onLost: (listener) => void lost.push(listener),
    metrics() {
      lastQuestion += 1;
      const question = lastQuestion;
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
