/** Commands that got no response before their dialog closed. They stay on the screen until their outcome is known. */

import type { Refusal } from './refusal.ts';

/** The outcome of a command. */
export interface Settled {
  readonly refusal?: Refusal;
}

/** Sends the same command again, with the same key; returns null if there is again no response. */
type Send = () => Promise<Settled | null>;

export interface UnsettledCommand {
  readonly id: string;
  readonly title: string;
  /** The user who sent it. Other users of this tab do not see it. */
  readonly userId: string;
  /** `sending`: an attempt is in flight. `uncertain`: the outcome is unknown. */
  readonly state: 'sending' | 'uncertain';
  again(): Promise<void>;
}

export class Unsettled {
  #commands: readonly UnsettledCommand[] = [];
  readonly #held = new Set<object>();
  readonly #watchers = new Set<() => void>();
  #onSettled: (title: string, settled: Settled) => void = () => {};

  constructor() {
    // The keys live only as long as the tab. Without its key, a command that is typed again could be executed twice.
    window.addEventListener('beforeunload', (event) => {
      if (this.#commands.length > 0 || this.#held.size > 0) event.preventDefault();
    });
  }

  list = (): readonly UnsettledCommand[] => this.#commands;

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Sets the function that reports each command's outcome, once. */
  reportTo(onSettled: (title: string, settled: Settled) => void): void {
    this.#onSettled = onSettled;
  }

  /** For a command that its own open dialog shows: leaving the page asks for confirmation, but the list does not show it. */
  hold(command: object): void {
    this.#held.add(command);
  }

  release(command: object): void {
    this.#held.delete(command);
  }

  /** Adds a command to the list. `attempt`: its attempt in flight, if any. */
  add(title: string, userId: string, send: Send, attempt: Promise<Settled | null> | null): void {
    let command: UnsettledCommand = { id: crypto.randomUUID(), title, userId, state: 'uncertain', again };
    const become = (next: UnsettledCommand) => {
      this.#set(this.#commands.map((each) => (each === command ? next : each)));
      command = next;
    };
    const settle = async (asked: Promise<Settled | null>) => {
      become({ ...command, state: 'sending' });
      const settled = await asked;
      if (settled === null) return become({ ...command, state: 'uncertain' });
      this.#set(this.#commands.filter((each) => each !== command));
      this.#onSettled(title, settled);
    };
    async function again(): Promise<void> {
      if (command.state === 'uncertain') await settle(send());
    }
    this.#set([...this.#commands, command]);
    if (attempt) settle(attempt).catch(() => {});
  }

  #set(commands: readonly UnsettledCommand[]): void {
    this.#commands = commands;
    for (const watcher of this.#watchers) watcher();
  }
}
