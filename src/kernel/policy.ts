/** What the owner of a tenant's root decides for the whole tree: every field once, and how it is read from a text of the database. */

const number = Number;
const flag = (text: string): boolean => text === 't';

/** One of these words. */
function choice<const Word extends string>(...words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new Error(`a policy cannot be ${text}`);
    return word;
  };
}

/** What the ledger reads with every batch of commands. */
const LEDGER_POLICY = {
  trialMaxHours: number,
  /** Trials a panel may start in any 24 h. */
  trialQuota: number,
  reclaimAllowed: flag,
  purchaseSource: choice('PLATFORM', 'PARENT'),
  refundPolicy: choice('NONE', 'UNUSED_PERIODS'),
  minimumTransfer: number,
  /** In how many minutes a spend may be undone; 0: never. */
  undoMinutes: number,
  minimumPurchase: number,
  minimumInitialCredits: number,
  /** Not for contacts that a panel of the tenant has activated before (R24). */
  trialsForNewContactsOnly: flag,
};

const TENANT_POLICY = {
  ...LEDGER_POLICY,
  /** What the lock leaves a panel: FULL: what R8 lists; SPENDING: all reads (R57). */
  lockMode: choice('FULL', 'SPENDING'),
  /** Of the IANA database: where the days of reports begin. */
  timeZone: String,
};

type Values<Fields extends Readonly<Record<string, (text: string) => unknown>>> = {
  readonly [Field in keyof Fields]: ReturnType<Fields[Field]>;
};

/** As far as the ledger asks for it. */
export type Policy = Values<typeof LEDGER_POLICY>;
export type TenantPolicy = Values<typeof TENANT_POLICY>;

export const POLICY_FIELDS = Object.keys(TENANT_POLICY) as readonly (keyof TenantPolicy)[];
/** Of them, in the order of LEDGER_POLICY. */
export const LEDGER_POLICY_FIELDS = Object.keys(LEDGER_POLICY) as readonly (keyof Policy)[];

/** From what the database wrote for each field. */
export function readLedgerPolicy(textOf: (field: keyof Policy) => string): Policy {
  return Object.fromEntries(LEDGER_POLICY_FIELDS.map((field) => [field, LEDGER_POLICY[field](textOf(field))])) as Policy;
}

/** A field's column of the table `tenant`: its name as SQL spells it. */
export function policyColumn(field: keyof TenantPolicy): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
