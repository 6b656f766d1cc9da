import type { Siblings } from '../../../src/kernel/siblings.ts';

interface Member {
  readonly hears: Map<string, (value: unknown, from: number) => void>;
  readonly gone: ((from: number) => void)[];
  readonly lost: ((to: number) => void)[];
  last: (() => void) | null;
}

/** Processes of one port, as what they tell each other reaches them: as text, in order, later. */
export class Port {
  readonly #members = new Map<number, Member>();
  #losses = 0;

  join(self: number): Siblings {
    const member: Member = { hears: new Map(), gone: [], lost: [], last: null };
    this.#members.set(self, member);
    const sendTo = (to: number, topic: string, text: string) => {
      const losses = this.#losses;
      setImmediate(() => {
        if (losses === this.#losses && this.#members.has(self)) this.#members.get(to)?.hears.get(topic)?.(text, self);
      });
    };
    return {
      self,
      sendTo,
      broadcast: (topic, value) => {
        const toAll = () => {
          for (const [to, { hears }] of this.#members) if (to !== self) hears.get(topic)?.(JSON.parse(JSON.stringify(value)), self);
        };
        member.last = toAll;
        setImmediate(() => this.#members.has(self) && toAll());
      },
      receive: (topic, listener) => void member.hears.set(topic, listener),
      onJoined() {},
      onGone: (listener) => void member.gone.push(listener),
      onLost: (listener) => void member.lost.push(listener),
      metrics: async () => '',
      onMetrics() {},
    };
  }

  /** Whatever one of them tells another now never arrives, and each hears so of each. */
  loseLines(): void {
    this.#losses += 1;
    const all = [...this.#members.keys()];
    for (const [self, { lost }] of this.#members) for (const to of all) if (to !== self) for (const listener of lost) listener(to);
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
