/** Keeps an older version of an account from replacing a newer one in the cache. */

interface AccountState extends Record<string, unknown> {
  readonly id: string;
  readonly version: number;
}

/** What changes with an account's version. */
const STATE = ['version', 'balance', 'locked', 'lockedSince', 'lowBalance'];

/**
 * An answer over HTTP may be overtaken by the live stream: it then carries an older balance than the one that is shown.
 * This remembers the newest state of every account that passed, and puts it into whatever comes later with an older one.
 */
export class NewestAccounts {
  readonly #known = new Map<string, AccountState>();

  /** Changes the answer in place, wherever an account with its version stands in it. */
  refresh(answer: unknown): void {
    if (Array.isArray(answer)) for (const item of answer) this.refresh(item);
    else if (isRecord(answer)) {
      for (const field of Object.values(answer)) this.refresh(field);
      if (isAccount(answer)) this.#compare(answer);
    }
  }

  forget(): void {
    this.#known.clear();
  }

  #compare(account: AccountState): void {
    const known = this.#known.get(account.id);
    if (known === undefined || known.version <= account.version) this.#known.set(account.id, { ...known, ...account });
    else for (const name of STATE) if (name in account && name in known) Object.assign(account, { [name]: known[name] });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isAccount(value: Record<string, unknown>): value is AccountState {
  return value.__typename === 'Account' && typeof value.id === 'string' && typeof value.version === 'number';
}
