/** Templates of reminders: their fields, and the values that replace them (R58). */

/** The facts from which a text is made. */
export interface Facts {
  readonly name: string;
  readonly login: string | null;
  /** The screens of the next renewal. */
  readonly screens: number;
  readonly expiresAt: Date;
  /** When the message was due. */
  readonly dueAt: Date;
  /** The panel's name. */
  readonly seller: string;
  /** An IANA name. */
  readonly timeZone: string;
}

type Field = (facts: Facts) => string;

const firstName: Field = ({ name }) => name.trim().split(/\s+/, 1)[0] ?? name;
const login: Field = (facts) => facts.login ?? '';
const screens: Field = (facts) => String(facts.screens);
const seller: Field = (facts) => facts.seller;

/** Every field of a template: one line each, under its Portuguese and its English name. */
const FIELDS = {
  nome: firstName,
  name: firstName,
  vencimento: (facts) => inZone(facts, 'pt-BR', { day: '2-digit', month: '2-digit', year: 'numeric' }),
  expiry: (facts) => inZone(facts, 'en-GB', { day: 'numeric', month: 'short', year: 'numeric' }),
  hora: (facts) => inZone(facts, 'pt-BR', { hour: '2-digit', minute: '2-digit' }),
  time: (facts) => inZone(facts, 'en-GB', { hour: '2-digit', minute: '2-digit' }),
  dias: days,
  days,
  telas: screens,
  screens,
  login,
  revenda: seller,
  seller,
} as const satisfies Record<string, Field>;

export type TemplateField = keyof typeof FIELDS;

export const TEMPLATE_FIELDS = Object.keys(FIELDS) as readonly TemplateField[];

/** A text between two braces on one line is a field. */
const FIELD = /\{([^{}\n]*)\}/g;

/** The names in a template that are not fields, as they are written. */
export function unknownFields(template: string): string[] {
  const named = [...template.matchAll(FIELD)].map(([, name = '']) => name);
  return [...new Set(named.filter((name) => !isField(name)))];
}

/** Replaces the fields by their values. Braces inside a value are not treated as fields. */
export function fillIn(template: string, facts: Facts): string {
  return template.replace(FIELD, (whole, name: string) => (isField(name) ? FIELDS[name](facts) : whole));
}

/** The value of a field. Facts that are not given come from a fictitious customer. */
export function exampleOf(field: TemplateField, given: Pick<Facts, 'seller' | 'timeZone'> & Partial<Facts>): string {
  return FIELDS[field]({ ...EXAMPLE, ...given });
}

const EXAMPLE: Omit<Facts, 'seller' | 'timeZone'> = {
  name: 'Maria Silva',
  login: '20304050',
  screens: 2,
  expiresAt: new Date('2030-03-14T21:30:00Z'),
  dueAt: new Date('2030-03-11T12:00:00Z'),
};

/** The language of a template: English if it has a field with an English name, otherwise Portuguese. */
export function languageOf(template: string): 'pt' | 'en' {
  const named = [...template.matchAll(FIELD)].map(([, name = '']) => name);
  return named.some((name) => ENGLISH.has(name)) ? 'en' : 'pt';
}

const ENGLISH: ReadonlySet<string> = new Set(['name', 'expiry', 'time', 'days', 'screens', 'seller']);

function isField(name: string): name is TemplateField {
  return Object.hasOwn(FIELDS, name);
}

function inZone({ expiresAt, timeZone }: Facts, language: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, { timeZone, hourCycle: 'h23', ...options }).format(expiresAt);
}

const DAY_MS = 86_400_000;

/** The calendar days between the day of the message and the day of the end, in the tenant's time zone. */
function days({ dueAt, expiresAt, timeZone }: Facts): string {
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone, day: '2-digit', month: '2-digit', year: 'numeric' });
  return String(Math.abs(Date.parse(dayOf.format(expiresAt)) - Date.parse(dayOf.format(dueAt))) / DAY_MS);
}
