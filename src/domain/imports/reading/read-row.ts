/** One record as the panel or the customer that it means, or as what is wrong with it, column by column. */

import { hash } from 'node:crypto';
import type { z } from 'zod';
import { type PaidFor, PERIOD_MS, type Span, spansFrom } from '../../../ledger/rules/spans.ts';
import { MAX_PERIODS } from '../../../ledger/rules/terms.ts';
import { loginSchema, secretSchema } from '../../access/credentials.ts';
import { contactSchema, notesSchema } from '../../customer/fields.ts';
import { emailSchema } from '../../identity/email.ts';
import { nameSchema } from '../../input.ts';
import { type Cell, creditsCell, isTrue, kindCell, type Standing, screensCell, spansCell, standingCell, textCell } from './cells.ts';
import type { Column, Field, Kind } from './columns.ts';
import { type Clock, parseMoment } from './dates.ts';
import type { CsvRecord } from './records.ts';

/** Of what a row is called where it comes from. */
const MAX_ID_CHARACTERS = 200;

export interface Problem {
  readonly line: number;
  /** As the file calls it; null: the whole row. */
  readonly column: string | null;
  readonly message: string;
}

interface AnyRow {
  readonly line: number;
  /** What the row is called where it comes from: the same row of a later file is not added again. */
  readonly externalId: string;
  /** Whether the file gives it, so that it cannot stand there twice. */
  readonly isGiven: boolean;
  readonly name: string;
  /** Whose panel or customer it is, as the file calls that; null: the root's. */
  readonly parent: string | null;
}

interface ResellerRow extends AnyRow {
  readonly kind: 'RESELLER';
  /** The panel that is there already: it gets the balance. */
  readonly isRoot: boolean;
  /** By which others may name it as their parent. */
  readonly login: string | null;
  /** Of its owner; null: of the root, which has one. */
  readonly email: string | null;
  readonly credits: number;
}

interface CustomerRow extends AnyRow {
  readonly kind: 'CUSTOMER';
  readonly login: string | null;
  readonly secret: string | null;
  readonly expiresAtMs: number;
  readonly screens: number;
  /** Spans after the first; null: there are none. */
  readonly laterSpans: readonly Span[] | null;
  readonly nextScreens: number;
  readonly standing: Standing;
  readonly contact: string | null;
  readonly notes: string | null;
}

export type ImportedRow = ResellerRow | CustomerRow;

export interface RowReading {
  readonly columns: readonly Column[];
  /** Of the rows that do not say it themselves. */
  readonly kind: Kind | null;
  readonly clock: Clock;
  /** Milliseconds since 1970, when the preview began. */
  readonly nowMs: number;
  /** Owners without an e-mail get one below this, which no mail reaches. */
  readonly loginDomain: string;
}

/** What a record means; or, if anything is wrong with it, everything that is. null: a panel that was closed, which holds nothing any more. */
export function readRow(record: CsvRecord, reading: RowReading): ImportedRow | readonly Problem[] | null {
  const cells = new Cells(record, reading.columns);
  const kind = reading.kind ?? cells.read('kind', kindCell);
  if (kind === 'RESELLER' && cells.raw('closedAt') !== '') return null;
  if (record.values.length > reading.columns.length) cells.refuse(null, 'has more values than the heading has columns.');
  const row =
    kind === null ? null : kind === 'RESELLER' ? resellerOf(cells, record.line, reading) : customerOf(cells, record.line, reading);
  return row === null || cells.problems.length > 0 ? cells.problems : row;
}

function resellerOf(cells: Cells, line: number, { loginDomain }: RowReading): ResellerRow | null {
  const login = cells.text('login');
  const isRoot = isTrue(cells.raw('root'));
  const given = cells.text('email') || (login.includes('@') ? login : '');
  const email = isRoot ? null : cells.checked('email', given || `${login.toLowerCase()}@${loginDomain}`, emailSchema);
  if (!isRoot && given === '' && !/^[\w.-]{1,64}$/.test(login))
    cells.refuse('email', 'is needed: the login alone cannot be made into one.');
  const name = cells.checked('name', cells.text('name') || login || given, nameSchema);
  const credits = cells.read('credits', creditsCell);
  const externalId = cells.id() || login || given;
  if ((email === null && !isRoot) || name === null || credits === null) return null;
  const parent = isRoot ? null : cells.text('parent') || null;
  return { kind: 'RESELLER', line, externalId, isGiven: true, name, parent, login: login || null, email, credits, isRoot };
}

function customerOf(cells: Cells, line: number, { clock, nowMs }: RowReading): CustomerRow | null {
  const login = cells.optional('login', cells.text('login'), loginSchema);
  const secret = cells.optional('secret', cells.raw('secret'), secretSchema);
  const contact = contactOf(cells);
  const name = cells.checked('name', cells.text('name') || cells.text('login') || contact || cells.text('externalId'), nameSchema);
  const notes = cells.optional('notes', cells.text('notes'), notesSchema);
  const screens = cells.read('screens', screensCell);
  const nextScreens = cells.text('nextScreens') === '' ? screens : cells.read('nextScreens', screensCell);
  const standing = cells.read('status', (text) => standingCell(text, cells.text('trial')));
  const expiresAtMs = cells.read('expiresAt', (text) => endCell(text, clock, nowMs));
  const later = cells.read('laterScreens', spansCell);
  if (name === null || screens === null || nextScreens === null || standing === null || expiresAtMs === null || later === null) return null;
  const paid = spansOf({ screens, laterSpans: later, nextScreens, expiresAtMs }, nowMs);
  if (later.length > 0 && standing === 'TRIAL') cells.refuse('laterScreens', 'is not for a trial.');
  if (standing === 'TRIAL' && screens !== 1) cells.refuse('screens', 'must be 1 for a trial.');
  const given = cells.id() || login;
  const parent = cells.text('parent') || null;
  // Where nothing names it: what it is told apart by. Equal ones are counted.
  const externalId = given || `row ${hash('sha256', JSON.stringify([parent, name, contact]))}`;
  const known = { line, externalId, isGiven: given !== null && given !== '', name, parent };
  return { kind: 'CUSTOMER', ...known, ...paid, login, secret, expiresAtMs, nextScreens, standing, contact, notes };
}

/** Without what is over by now. */
function spansOf(paid: PaidFor, nowMs: number): Pick<CustomerRow, 'screens' | 'laterSpans'> {
  const { laterSpans, screens } = spansFrom(paid, nowMs);
  return { screens, laterSpans: laterSpans.length === 0 ? null : laterSpans };
}

/** The first that is there: a customer has one contact. */
function contactOf(cells: Cells): string | null {
  for (const field of ['contact', 'whatsapp', 'telegram', 'email'] as const) {
    const text = cells.text(field);
    if (text !== '') return cells.checked(field, text, contactSchema);
  }
  return null;
}

function endCell(text: string, clock: Clock, nowMs: number): Cell<number> {
  if (text === '') return { problem: 'is empty: say when the service ends.' };
  const value = parseMoment(text, clock);
  if (value === null) return { problem: 'is not a date, as 2026-08-31 23:59:59 or 31/08/2026, or there is no such day.' };
  if (value > nowMs + MAX_PERIODS * PERIOD_MS) return { problem: `is more than ${MAX_PERIODS} periods of 30 days ahead.` };
  return { value };
}

/** The cells of one record, by field, with what is wrong with them. */
class Cells {
  readonly problems: Problem[] = [];
  readonly #line: number;
  readonly #values = new Map<Field, { readonly heading: string; readonly text: string }>();

  constructor({ line, values }: CsvRecord, columns: readonly Column[]) {
    this.#line = line;
    for (const [index, { field, heading }] of columns.entries()) {
      if (field !== null) this.#values.set(field, { heading, text: values[index] ?? '' });
    }
  }

  refuse(field: Field | null, message: string): void {
    this.problems.push({ line: this.#line, column: field && (this.#values.get(field)?.heading ?? field), message });
  }

  id(): string {
    const id = this.text('externalId');
    if (id.length <= MAX_ID_CHARACTERS) return id;
    this.refuse('externalId', `must have at most ${MAX_ID_CHARACTERS} characters.`);
    return '';
  }

  /** As it is: a secret may begin like a formula. */
  raw(field: Field): string {
    return this.#values.get(field)?.text.trim() ?? '';
  }

  /** Empty where there is none, or where it was refused. */
  text(field: Field): string {
    const raw = this.raw(field);
    const cell = raw === '' ? { value: '' } : textCell(raw);
    if ('value' in cell) return cell.value;
    if (!this.problems.some(({ column }) => column === this.#values.get(field)?.heading)) this.refuse(field, cell.problem);
    return '';
  }

  read<Value>(field: Field, parse: (text: string) => Cell<Value>): Value | null {
    const cell = parse(this.raw(field));
    if ('value' in cell) return cell.value;
    this.refuse(field, cell.problem);
    return null;
  }

  /** null: it is not as it must be. */
  checked<Schema extends z.ZodType>(field: Field, text: string, schema: Schema): z.output<Schema> | null {
    const { data, error } = schema.safeParse(text);
    for (const { message } of error?.issues ?? []) this.refuse(field, message);
    return error ? null : data;
  }

  /** null: there is none, or it is not as it must be. */
  optional<Schema extends z.ZodType>(field: Field, text: string, schema: Schema): NonNullable<z.output<Schema>> | null {
    return text === '' ? null : (this.checked(field, text, schema) ?? null);
  }
}
