/** Reads one record as a panel or a customer, or returns its problems, column by column. */

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

/** The limit of a row's id in its source. */
const MAX_ID_CHARACTERS = 200;

export interface Problem {
  readonly line: number;
  /** The column's heading in the file. null for the whole row. */
  readonly column: string | null;
  readonly message: string;
}

interface AnyRow {
  readonly line: number;
  /** The row's id in its source: the same row of a later file is not added again. */
  readonly externalId: string;
  /** Whether the file contains the id, so that it must be unique there. */
  readonly isGiven: boolean;
  readonly name: string;
  /** The name of its parent panel in the file. null for the root. */
  readonly parent: string | null;
}

interface ResellerRow extends AnyRow {
  readonly kind: 'RESELLER';
  /** Whether the row is the tenant's root, which exists already and only gets the balance. */
  readonly isRoot: boolean;
  /** The login by which other rows may name it as their parent. */
  readonly login: string | null;
  /** The owner's e-mail. null for the root, which has an owner already. */
  readonly email: string | null;
  readonly credits: number;
}

interface CustomerRow extends AnyRow {
  readonly kind: 'CUSTOMER';
  readonly login: string | null;
  readonly secret: string | null;
  readonly expiresAtMs: number;
  readonly screens: number;
  /** The spans after the first. null if there are none. */
  readonly laterSpans: readonly Span[] | null;
  readonly nextScreens: number;
  readonly standing: Standing;
  readonly contact: string | null;
  readonly notes: string | null;
}

export type ImportedRow = ResellerRow | CustomerRow;

export interface RowReading {
  readonly columns: readonly Column[];
  /** The kind of all rows. null if each row says it. */
  readonly kind: Kind | null;
  readonly clock: Clock;
  /** Milliseconds since 1970, when the preview began. */
  readonly nowMs: number;
  /** Owners without an e-mail get one in this domain, which receives no mail. */
  readonly loginDomain: string;
}

/** Returns the row, or all its problems if it has any. Returns null for a closed panel, which has nothing to import. */
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
  // A row without an id gets one from its values. Equal rows are numbered later.
  const externalId = given || `row ${hash('sha256', JSON.stringify([parent, name, contact]))}`;
  const known = { line, externalId, isGiven: given !== null && given !== '', name, parent };
  return { kind: 'CUSTOMER', ...known, ...paid, login, secret, expiresAtMs, nextScreens, standing, contact, notes };
}

/** The spans without those that have ended. */
function spansOf(paid: PaidFor, nowMs: number): Pick<CustomerRow, 'screens' | 'laterSpans'> {
  const { laterSpans, screens } = spansFrom(paid, nowMs);
  return { screens, laterSpans: laterSpans.length === 0 ? null : laterSpans };
}

/** Returns the first contact that the row has, because a customer has only one. */
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
  if (value === null) return { problem: 'is not a date, for example 2026-08-31 23:59:59 or 31/08/2026, or there is no such day.' };
  if (value > nowMs + MAX_PERIODS * PERIOD_MS) return { problem: `is more than ${MAX_PERIODS} periods of 30 days ahead.` };
  return { value };
}

/** The cells of one record, by field, and their problems. */
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

  /** The text without the check for formulas, because a secret may look like one. */
  raw(field: Field): string {
    return this.#values.get(field)?.text.trim() ?? '';
  }

  /** Returns an empty text if the cell is empty or was refused. */
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

  /** Returns null if the text is invalid. */
  checked<Schema extends z.ZodType>(field: Field, text: string, schema: Schema): z.output<Schema> | null {
    const { data, error } = schema.safeParse(text);
    for (const { message } of error?.issues ?? []) this.refuse(field, message);
    return error ? null : data;
  }

  /** Returns null if the text is empty or invalid. */
  optional<Schema extends z.ZodType>(field: Field, text: string, schema: Schema): NonNullable<z.output<Schema>> | null {
    return text === '' ? null : (this.checked(field, text, schema) ?? null);
  }
}
