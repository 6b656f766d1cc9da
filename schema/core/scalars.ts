/** The custom scalars: amounts, versions, ids and times. */

import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { isWritable } from '../../src/kernel/clock.ts';
import { MAX_CREDITS } from '../../src/kernel/credits.ts';
import { builder } from './builder.ts';

/** The integers of I-JSON, from -(2^53 - 1) to 2^53 - 1. */
const SAFE_INTEGERS = 'https://www.rfc-editor.org/rfc/rfc7493#section-2.2';
const TIMES = 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6';

interface WholeNumber {
  readonly name: 'Credits' | 'CreditsDelta' | 'Version' | 'MinorUnits';
  readonly description: string;
  readonly minimum: number;
}

/** Adds a scalar for safe integers. "10", 1.5, null and 2^53 are refused. */
function wholeNumber({ name, description, minimum }: WholeNumber): void {
  const check = (value: unknown, shown: string): number => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < minimum) {
      throw new GraphQLError(`${name} must be a whole number from ${minimum} to ${MAX_CREDITS}, not ${shown}.`);
    }
    return value;
  };
  builder.scalarType(name, {
    description,
    specifiedByURL: SAFE_INTEGERS,
    serialize: (value) => {
      const number = typeof value === 'bigint' ? Number(value) : value;
      return check(number, 'the stored value');
    },
    parseValue: (value) => check(value, inspect(value)),
    parseLiteral: (node) => check(node.kind === Kind.INT ? Number(node.value) : undefined, literal(node)),
  });
}

/** A short text for a refused value, as the client sent it. */
function inspect(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return value === null ? 'null' : `a ${Array.isArray(value) ? 'list' : typeof value}`;
}

function literal(node: ValueNode): string {
  return node.kind === Kind.INT || node.kind === Kind.FLOAT ? node.value.slice(0, 40) : 'another kind of value';
}

wholeNumber({
  name: 'Credits',
  description: 'A whole number of credits: a JSON integer from 0 to 9007199254740991.',
  minimum: 0,
});
wholeNumber({
  name: 'CreditsDelta',
  description: 'A change of credits, positive or negative: a JSON integer from -9007199254740991 to 9007199254740991.',
  minimum: -MAX_CREDITS,
});
wholeNumber({
  name: 'Version',
  description: 'The number of a change, for example of an account: 1, 2, 3 …; 0 before the first change (R33). A JSON integer.',
  minimum: 0,
});
wholeNumber({
  name: 'MinorUnits',
  description: 'An amount of money in minor units (cents): a JSON integer from 0 to 9007199254740991.',
  minimum: 0,
});

/** Hours end at 23. RFC 3339 has no 24:00, which Date would read as the next day. */
const RFC_3339 = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function parseDateTime(value: unknown): Date {
  if (typeof value === 'string' && RFC_3339.test(value)) {
    const date = new Date(value);
    // The day must exist: Date turns 30 February into March.
    if (isWritable(date) && Number(value.slice(8, 10)) <= daysInMonth(value)) return date;
  }
  throw new GraphQLError('DateTime must be an RFC 3339 time with an offset, for example "2026-01-31T12:00:00.000Z".');
}

function daysInMonth(value: string): number {
  return new Date(Date.UTC(Number(value.slice(0, 4)), Number(value.slice(5, 7)), 0)).getUTCDate();
}

let lastMs = Number.NaN;
let lastText = '';

/**
 * Formats a time in UTC with whole milliseconds. The last text is cached, because rows of one commit share a time and formatting
 * costs a microsecond.
 */
function textOf(time: Date): string {
  const ms = time.getTime();
  if (ms !== lastMs) {
    lastText = time.toISOString();
    lastMs = ms;
  }
  return lastText;
}

builder.scalarType('DateTime', {
  specifiedByURL: TIMES,
  description: 'A time in the format of RFC 3339, with an offset. The server returns times in UTC, with whole milliseconds.',
  serialize: (value) => textOf(value instanceof Date ? value : parseDateTime(value)),
  // A Date was coerced before: the cost of an operation is computed with variables that are already coerced.
  parseValue: (value) => (value instanceof Date ? value : parseDateTime(value)),
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined),
});
