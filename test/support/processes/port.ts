import type { Siblings } from '../../../src/kernel/siblings.ts';

interface Member {
  readonly listeners: Map<string, (value: unknown, from: number) => void>;
  readonly gone: ((from: number) => void)[];
  readonly lost: ((to: number) => void)[];
  lastBroadcast: (() => void) | null;
}

/** Simulates the processes of one port. Their messages arrive as text, in order, and after the sender's turn. */
export class Port {
  readonly #members = new Map<number, Member>();
  #losses = 0;

  join(self: number): Siblings {
    const member: Member = { listeners: new Map(), gone: [], lost: [], lastBroadcast: null };
    this.#members.set(self, member);
    const sendTo = (to: number, topic: string, text: string) => {
      const losses = this.#losses;
      setImmediate(() => {
        if (losses === this.#losses && this.#members.has(self)) this.#members.get(to)?.listeners.get(topic)?.(text, self);
      });
    };
    return {
      self,
      sendTo,
      broadcast: (topic, value) => {
        const toAll = () => {
          for (const [to, { listeners }] of this.#members) if (to !== self) listeners.get(topic)?.(JSON.parse(JSON.stringify(value)), self);
        };
        member.lastBroadcast = toAll;
        setImmediate(() => this.#members.has(self) && toAll());
      },
      receive: (topic, listener) => void member.listeners.set(topic, listener),
      onJoined() {},
      onGone: (listener) => void member.gone.push(listener),
      onLost: (listener) => void member.lost.push(listener),
      metrics: async () => '',
      onMetrics() {},
    };
  }

  /** Drops all messages of `sendTo` that are under way, and notifies each process that its line to each other was lost. */
  loseLines(): void {
    this.#losses += 1;
    const all = [...this.#members.keys()];
    for (const [self, { lost }] of this.#members) for (const to of all) if (to !== self) for (const listener of lost) listener(to);
  }

  /**
   * Disconnects a process. Its messages no longer arrive, except its last broadcast, which arrives after the others know that the
   * process is gone. The process keeps running, as the database session of a killed process may. To it, all others are gone.
   */
  cut(self: number): void {
    const one = this.#members.get(self);
    this.#members.delete(self);
    for (const { gone } of this.#members.values()) for (const listener of gone) listener(self);
    one?.lastBroadcast?.();
    for (const other of this.#members.keys()) for (const listener of one?.gone ?? []) listener(other);
  }
}
