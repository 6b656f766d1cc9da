/** Templates of reminders: which fields they may name, and what each becomes (R58). */

/** Of what a text is made. */
export interface Facts {
  readonly name: string;
  readonly login: string | null;
  /** What the next renewal is priced at. */
  readonly screens: number;
  readonly expiresAt: Date;
  /** When the message was due. */
  readonly dueAt: Date;
  /** What the panel is called. */
  readonly seller: string;
  /** Of the IANA database. */
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

/** What stands between two braces on one line is a field. */
const FIELD = /\{([^{}\n]*)\}/g;

/** The fields of a template that there are none of, as they are written. */
export function unknownFields(template: string): string[] {
  const named = [...template.matchAll(FIELD)].map(([, name = '']) => name);
  return [...new Set(named.filter((name) => !isField(name)))];
}

/** The text. What a value brings along is not looked at for fields again. */
export function fillIn(template: string, facts: Facts): string {
  return template.replace(FIELD, (whole, name: string) => (isField(name) ? FIELDS[name](facts) : whole));
}

/** What a field becomes, of a customer that is made up where nothing else is given. */
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

/** Of a text with fields under their English names: English. What names none is taken for Portuguese. */
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

/** Whole days between the day of the message and that of the end, as a calendar on the wall counts them. */
function days({ dueAt, expiresAt, timeZone }: Facts): string {
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone, day: '2-digit', month: '2-digit', year: 'numeric' });
  return String(Math.abs(Date.parse(dayOf.format(expiresAt)) - Date.parse(dayOf.format(dueAt))) / DAY_MS);
}
