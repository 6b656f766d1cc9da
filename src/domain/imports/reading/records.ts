/** Parses CSV text into records, one after another, in bounded memory. */

import { Readable } from 'node:stream';
import { CsvError, type Info, type InfoRecord, parse } from 'csv-parse';
import { MAX_COLUMNS, MAX_RECORD_CHARACTERS, MAX_ROWS } from '../limits.ts';
import type { Separator } from './decode.ts';

/** A record, and the line on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly values: readonly string[];
}

/** The file as a whole cannot be read. It has the reason and the line. */
export class UnreadableFile extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Yields records; the first one is the heading. Empty lines are skipped. Throws UnreadableFile. */
export async function* recordsOf(text: AsyncIterable<string>, separator: Separator): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter: separator,
    info: true,
    bom: false,
    // A quote inside a value that does not begin with a quote is part of the value.
    relax_quotes: true,
    // A record that is too short or too long is reported as a problem of its line.
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
      if (rows > MAX_ROWS) throw new UnreadableFile(line, `The file has more than ${MAX_ROWS} rows: split it into several files.`);
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

/** The parser reads ahead of the yielded records. Only its message says on which line it stopped. */
function lineOf({ message }: CsvError): number | null {
  const found = /at line (\d+)/.exec(message)?.[1];
  return found === undefined ? null : Number(found);
}

/** Counts line breaks inside the values, because csv-parse reports the line on which a record ends. */
function linesIn(record: readonly string[]): number {
  return record.reduce((sum, value) => sum + (value.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

function wordsOf({ code }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'A quote (") that begins in this record is never closed.';
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `The record has more than ${MAX_RECORD_CHARACTERS} characters: a quote (") in it is probably never closed.`;
  return 'The record cannot be read: a quote (") in it has no partner.';
}
