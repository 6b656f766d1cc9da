/** Defines every field of a tenant's policy, which an owner of its root sets for the whole tree, and how to read it from the database. */

const number = Number;
const flag = (text: string): boolean => text === 't';

/** Reads one of these values. */
function choice<const Word extends string>(...words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((one) => one === text);
    if (word === undefined) throw new Error(`a policy cannot be ${text}`);
    return word;
  };
}

/** The fields that the ledger reads with every batch of commands. */
const LEDGER_POLICY = {
  trialMaxHours: number,
  /** The most trials of a panel in any 24 h. */
  trialQuota: number,
  reclaimAllowed: flag,
  purchaseSource: choice('PLATFORM', 'PARENT'),
  refundPolicy: choice('NONE', 'UNUSED_PERIODS'),
  minimumTransfer: number,
  /** The minutes within which a spend may be undone; 0 for never. */
  undoMinutes: number,
  minimumPurchase: number,
  minimumInitialCredits: number,
  /** Whether a contact that a panel of the tenant has activated before gets no trial (R24). */
  trialsForNewContactsOnly: flag,
};

const TENANT_POLICY = {
  ...LEDGER_POLICY,
  /** What a locked panel may do. FULL: only what R8 lists. SPENDING: also all reads (R57). */
  lockMode: choice('FULL', 'SPENDING'),
  /** The IANA time zone in which the days of reports begin. */
  timeZone: String,
};

type Values<Fields extends Readonly<Record<string, (text: string) => unknown>>> = {
  readonly [Field in keyof Fields]: ReturnType<Fields[Field]>;
};

/** The fields of the policy that the ledger uses. */
export type Policy = Values<typeof LEDGER_POLICY>;
export type TenantPolicy = Values<typeof TENANT_POLICY>;

export const POLICY_FIELDS = Object.keys(TENANT_POLICY) as readonly (keyof TenantPolicy)[];
/** The fields that the ledger uses, in the order of LEDGER_POLICY. */
export const LEDGER_POLICY_FIELDS = Object.keys(LEDGER_POLICY) as readonly (keyof Policy)[];

/** Reads the policy from the database's text for each field. */
export function readLedgerPolicy(textOf: (field: keyof Policy) => string): Policy {
  return Object.fromEntries(LEDGER_POLICY_FIELDS.map((field) => [field, LEDGER_POLICY[field](textOf(field))])) as Policy;
}

/** The field's column in the table `tenant`: its name in snake_case. */
export function policyColumn(field: keyof TenantPolicy): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
