/** Draws random values for the arguments of a document. */

import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Random } from './random.ts';

/** Real ids, cursors and secrets from answers, to be used in wrong places. */
export class Corpus {
  readonly #known: string[] = [];

  constructor(first: readonly string[]) {
    this.#known.push(...first);
  }

  learn(text: string, random: Random): void {
    for (const [, value = ''] of text.matchAll(/"(?:id|cursor|sessionId|secret)":"([^"]{8,200})"/g)) {
      if (this.#known.length < MAX_KNOWN) this.#known.push(value);
      else this.#known[random.below(MAX_KNOWN)] = value;
    }
  }

  pick(random: Random): string {
    return this.#known.length === 0 ? '' : random.pick(this.#known);
  }
}

const MAX_KNOWN = 500;

/** The password of all users of fuzzed panels. */
export const FUZZ_PASSWORD = 'fuzzed-password';

const WHOLE = [
  -2_147_483_649, -2_147_483_648, -1, 0, 1, 2, 3, 9, 10, 11, 24, 25, 36, 37, 100, 101, 999, 1_000, 2_147_483_647, 2_147_483_648,
];
const LARGE = [1e9, 1e9 + 1, 4_294_967_296, 9_007_199_254_740_991, 9_007_199_254_740_992, 1e21, 1.5, -0.5, 1e-7];
const TEXTS = [
  ...[
    '',
    ' ',
    'a',
    'Maria',
    'maria@fuzz.test',
    'MARIA+1@fuzz.test',
    '+55 11 98888-7777',
    '11988887777',
    'r',
    'BRL',
    'USD',
    'America/Sao_Paulo',
  ],
  ...[
    '\0',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '\u202e\u200b',
    '𝕄𝕒𝕣𝕚𝕒',
    'İ',
    'ß',
    'ﷺ',
    '\u2028',
    '\r\n',
    '\\',
    '"',
    "'",
    '`',
    '$' + '{1}',
    '%',
    '_',
    '%_\\',
  ],
  ...[
    "' OR 1=1 --",
    '$1',
    '{}',
    '[]',
    'null',
    'true',
    '__proto__',
    'constructor',
    '=1+1',
    '@SUM(A1)',
    '<script>alert(1)</script>',
    '../../etc/passwd',
  ],
  ...[
    '*/ process.exit(1) //',
    '"); process.exit(1); ("',
    '000000',
    'aaaa-bbbb-cccc-dddd',
    FUZZ_PASSWORD,
    'x'.repeat(101),
    'é'.repeat(256),
    'x'.repeat(501),
  ],
];
const TIMES = [
  ...[
    '2026-01-01T00:00:00Z',
    '2026-11-22T10:00:00.123456789-03:00',
    '1970-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '0001-01-01T00:00:00Z',
  ],
  ...[
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '2026-02-30T00:00:00Z',
    '2026-01-01',
    'now',
    '',
    '2026-01-01T24:00:00Z',
    '1900-01-01T00:00:00+99:99',
  ],
];

/** A value of the type as JSON, and occasionally of another type. `name` is the argument's or field's. */
export function valueFor(type: GraphQLInputType, name: string, random: Random, corpus: Corpus, depth = 0): unknown {
  if (random.chance(0.01)) return random.pick<unknown>([null, 1, -1, 1.5, 'text', true, [], {}, [null], { a: 1 }]);
  if (isNonNullType(type)) return valueFor(type.ofType, name, random, corpus, depth);
  if (random.chance(0.03)) return null;
  if (isListType(type)) {
    const size = random.chance(0.02) ? 101 : random.below(4);
    return Array.from({ length: size }, () => valueFor(type.ofType, name, random, corpus, depth + 1));
  }
  if (isInputObjectType(type)) return objectFor(type, random, corpus, depth);
  if (isEnumType(type)) return enumFor(type, random);
  switch (type.name) {
    case 'Boolean':
      return random.chance(0.5);
    case 'Int':
      return random.chance(0.8) ? 1 + random.below(5) : random.pick(WHOLE);
    case 'Credits':
    case 'MinorUnits':
    case 'Version':
    case 'CreditsDelta':
      return random.chance(0.75) ? 1 + random.below(20) : random.pick([...WHOLE, ...LARGE]);
    case 'DateTime':
      return random.pick(TIMES);
    case 'ID':
      return random.chance(0.9) ? corpus.pick(random) : random.pick(TEXTS);
    default:
      return textFor(name, random, corpus);
  }
}

function objectFor(type: GraphQLInputObjectType, random: Random, corpus: Corpus, depth: number): Record<string, unknown> {
  const fields = Object.values(type.getFields());
  const chosen = type.isOneOf && random.chance(0.95) ? [random.pick(fields)] : fields;
  const value: Record<string, unknown> = {};
  for (const field of chosen) {
    const isNeeded = isNonNullType(field.type) && field.defaultValue === undefined;
    if (type.isOneOf || random.chance(isNeeded ? 0.99 : 0.4))
      value[field.name] = valueFor(field.type, field.name, random, corpus, depth + 1);
  }
  if (random.chance(0.005)) value[random.pick(['nothing', '__proto__', 'constructor'])] = 1;
  return value;
}

function enumFor(type: GraphQLEnumType, random: Random): string {
  return random.chance(0.98) ? random.pick(type.getValues()).name : random.pick(['NOTHING', 'constructor', '__proto__']);
}

function textFor(name: string, random: Random, corpus: Corpus): string {
  if (random.chance(0.1)) return random.chance(0.5) ? corpus.pick(random) : random.pick(TEXTS);
  if (name === 'idempotencyKey') return `key ${random.below(2_000)}`;
  if (/email$/i.test(name)) return `user${random.below(200)}@fuzz.test`;
  if (/password$/i.test(name)) return FUZZ_PASSWORD;
  if (name === 'contact') return `contact ${random.below(500)}`;
  if (name === 'after' || name === 'before') return corpus.pick(random);
  return random.pick(TEXTS);
}

/** The value as a literal of a document. */
export function literalOf(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(value, type.ofType);
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) {
    const item = isListType(type) ? type.ofType : type;
    return `[${value.map((one) => literalOf(one, item)).join(', ')}]`;
  }
  if (typeof value === 'object') {
    const fields = isInputObjectType(type) ? type.getFields() : {};
    const named = Object.entries(value).map(([name, one]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return `${name}: ${field ? literalOf(one, field.type) : JSON.stringify(one)}`;
    });
    return `{ ${named.join(', ')} }`;
  }
  if (typeof value === 'string' && isEnumType(type)) return value;
  return JSON.stringify(value);
}
