/** The records of a table as text, one after another, in bounded memory. */

import { Readable } from 'node:stream';
import { CsvError, type Info, type InfoRecord, parse } from 'csv-parse';
import { MAX_COLUMNS, MAX_RECORD_CHARACTERS, MAX_ROWS } from '../limits.ts';
import type { Separator } from './decode.ts';

/** A record, and the line on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly values: readonly string[];
}

/** Why a file as a whole cannot be read, in words, and where. */
export class UnreadableFile extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** The first is the heading. Empty lines are passed over. Throws UnreadableFile. */
export async function* recordsOf(text: AsyncIterable<string>, separator: Separator): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter: separator,
    info: true,
    bom: false,
    // A quote inside a value that does not begin with one is that value's own.
    relax_quotes: true,
    // A record that is too short or too long is told as the problem of its line.
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let line = 1;
  let rows = -1;
  try {
    for await (const { info, record } of parser as AsyncIterable<{ readonly info: Info & InfoRecord; readonly record: string[] }>) {
      rows += 1;
      if (record.length > MAX_COLUMNS)
        throw new UnreadableFile(line, `The line has ${record.length} columns: at most ${MAX_COLUMNS} are read.`);
      if (rows > MAX_ROWS) throw new UnreadableFile(line, `The file has more than ${MAX_ROWS} rows: split it into several.`);
      const begins = info.lines - linesIn(record);
      if (record.some((value) => value.trim() !== '')) yield { line: begins, values: record };
      line = info.lines + 1;
    }
  } catch (error) {
    throw error instanceof CsvError ? new UnreadableFile(lineOf(error) ?? line, wordsOf(error)) : error;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** It reads ahead of what was taken, and says where it stopped in its message only. */
function lineOf({ message }: CsvError): number | null {
  const found = /at line (\d+)/.exec(message)?.[1];
  return found === undefined ? null : Number(found);
}

/** Line breaks inside its values: csv-parse counts the line on which a record ends. */
function linesIn(record: readonly string[]): number {
  return record.reduce((sum, value) => sum + (value.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

function wordsOf({ code }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'A quote (") that begins in this record is never closed.';
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `The record has more than ${MAX_RECORD_CHARACTERS} characters: a quote (") in it is probably never closed.`;
  return 'The record cannot be read: a quote (") in it has no partner.';
}
