/** Commands whose answer did not come before their window went away: they stay in sight until they are settled. */

import type { Refusal } from './refusal.ts';

/** What became of a command. */
export interface Settled {
  readonly refusal?: Refusal;
}

/** Asks the same again, with the same keys; null when again no answer came. */
type Ask = () => Promise<Settled | null>;

export interface UnsettledCommand {
  readonly id: string;
  readonly title: string;
  /** Of whom it is: nobody else who signs in to this tab is shown it. */
  readonly userId: string;
  /** `asking`: an attempt is under way. `uncertain`: nobody knows whether it was done. */
  readonly state: 'asking' | 'uncertain';
  again(): Promise<void>;
}

export class Unsettled {
  #commands: readonly UnsettledCommand[] = [];
  readonly #held = new Set<object>();
  readonly #watchers = new Set<() => void>();
  #onSettled: (title: string, settled: Settled) => void = () => {};

  constructor() {
    // The keys live as long as the tab: without them, the same command typed again could be done twice.
    window.addEventListener('beforeunload', (event) => {
      if (this.#commands.length > 0 || this.#held.size > 0) event.preventDefault();
    });
  }

  list = (): readonly UnsettledCommand[] => this.#commands;

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Says once what became of a command. */
  tell(onSettled: (title: string, settled: Settled) => void): void {
    this.#onSettled = onSettled;
  }

  /** A window shows the command itself for as long as it is open. */
  hold(command: object): void {
    this.#held.add(command);
  }

  release(command: object): void {
    this.#held.delete(command);
  }

  /** Takes over a command. `attempt`: the one that is under way, if one is. */
  add(title: string, userId: string, ask: Ask, attempt: Promise<Settled | null> | null): void {
    let command: UnsettledCommand = { id: crypto.randomUUID(), title, userId, state: 'uncertain', again };
    const become = (next: UnsettledCommand) => {
      this.#set(this.#commands.map((each) => (each === command ? next : each)));
      command = next;
    };
    const settle = async (asked: Promise<Settled | null>) => {
      become({ ...command, state: 'asking' });
      const settled = await asked;
      if (settled === null) return become({ ...command, state: 'uncertain' });
      this.#set(this.#commands.filter((each) => each !== command));
      this.#onSettled(title, settled);
    };
    async function again(): Promise<void> {
      if (command.state === 'uncertain') await settle(ask());
    }
    this.#set([...this.#commands, command]);
    if (attempt) settle(attempt).catch(() => {});
  }

  #set(commands: readonly UnsettledCommand[]): void {
    this.#commands = commands;
    for (const watcher of this.#watchers) watcher();
  }
}
