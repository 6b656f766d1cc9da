import type { Siblings } from '../../../src/kernel/siblings.ts';

interface Member {
  readonly hears: Map<string, (value: unknown, from: number) => void>;
  readonly gone: ((from: number) => void)[];
  last: (() => void) | null;
}

/** Processes of one port, as what they tell each other reaches them: as text, in order, later. */
export class Port {
  readonly #members = new Map<number, Member>();

  join(self: number): Siblings {
    const member: Member = { hears: new Map(), gone: [], last: null };
    this.#members.set(self, member);
    const tellOne = (to: number, topic: string, value: unknown) => {
      const text = JSON.stringify(value);
      setImmediate(() => {
        if (this.#members.has(self)) this.#members.get(to)?.hears.get(topic)?.(JSON.parse(text), self);
      });
    };
    return {
      self,
      tellOne,
      tell: (topic, value) => {
        const toAll = () => {
          for (const [to, { hears }] of this.#members) if (to !== self) hears.get(topic)?.(JSON.parse(JSON.stringify(value)), self);
        };
        member.last = toAll;
        setImmediate(() => this.#members.has(self) && toAll());
      },
      hear: (topic, listener) => void member.hears.set(topic, listener),
      onJoined() {},
      onGone: (listener) => void member.gone.push(listener),
      metrics: async () => '',
      onMetrics() {},
    };
  }

  /**
   * What it says is heard no more, but for what it told all of them last, which arrives after the news. What it does goes on, as the
   * database's part of a process that was killed may. To itself all others have gone.
   */
  cut(self: number): void {
    const one = this.#members.get(self);
    this.#members.delete(self);
    for (const { gone } of this.#members.values()) for (const listener of gone) listener(self);
    one?.last?.();
    for (const other of this.#members.keys()) for (const listener of one?.gone ?? []) listener(other);
  }
}
