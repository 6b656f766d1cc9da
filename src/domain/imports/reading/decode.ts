/** Detects the encoding of a file and decodes it as a stream. Files that are not text are refused with a message. */

import { InvalidInput } from '../../../kernel/errors.ts';
import { MAX_FILE_BYTES, SAMPLE_CHARACTERS } from '../limits.ts';

export const ENCODINGS = ['UTF_8', 'WINDOWS_1252'] as const;
/** Latin-1 is decoded as Windows-1252, which has the same letters. */
export type Encoding = (typeof ENCODINGS)[number];

const LABELS: Readonly<Record<Encoding, string>> = { UTF_8: 'utf-8', WINDOWS_1252: 'windows-1252' };

export const SEPARATORS = [',', ';', '\t'] as const;
export type Separator = (typeof SEPARATORS)[number];

const SAVE_AS = 'Open it in a spreadsheet and choose "Save as", "CSV UTF-8 (comma delimited)"';
const KINDS_OF_FILE: readonly (readonly [bytes: readonly number[], message: string])[] = [
  [[0x50, 0x4b], `is a workbook (XLSX) or a ZIP, not text. ${SAVE_AS}, or unpack the ZIP, and send that file.`],
  [[0xd0, 0xcf, 0x11, 0xe0], `is an old workbook (XLS), not text. ${SAVE_AS}, and send that file.`],
  [[0x1f, 0x8b], 'is compressed. Unpack it and send the file inside.'],
  [[0x25, 0x50, 0x44, 0x46], 'is a PDF, not a table. Export the list as CSV, and send that file.'],
  [[0xff, 0xfe], `is in UTF-16. ${SAVE_AS}, and send that file.`],
  [[0xfe, 0xff], `is in UTF-16. ${SAVE_AS}, and send that file.`],
];
const NOT_TEXT = `has NUL bytes, so it is not a table as text. ${SAVE_AS}, and send that file.`;

/** Examines the bytes of a file as they arrive. At the end it returns their encoding. */
export class ByteReader {
  #bytes = 0;
  #utf8: TextDecoder | null = new TextDecoder('utf-8', { fatal: true });

  get bytes(): number {
    return this.#bytes;
  }

  /** Throws InvalidInput as soon as the file must be refused. */
  take(chunk: Buffer): void {
    if (this.#bytes === 0) {
      const known = KINDS_OF_FILE.find(([start]) => start.every((byte, index) => chunk[index] === byte));
      if (known) refuseFile(known[1]);
    }
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_FILE_BYTES) refuseFile(`is larger than ${MAX_FILE_BYTES / 1_000_000} MB. Split it into several files.`);
    if (chunk.includes(0)) refuseFile(NOT_TEXT);
    this.#decode(chunk, true);
  }

  end(): Encoding {
    if (this.#bytes === 0) refuseFile('is empty.');
    this.#decode(Buffer.alloc(0), false);
    return this.#utf8 === null ? 'WINDOWS_1252' : 'UTF_8';
  }

  /** Text in another encoding is hardly ever valid UTF-8, so the first invalid byte decides. */
  #decode(chunk: Buffer, stream: boolean): void {
    try {
      this.#utf8?.decode(chunk, { stream });
    } catch {
      this.#utf8 = null;
    }
  }
}

function refuseFile(message: string): never {
  throw new InvalidInput([{ path: 'file', message: `The file ${message}` }]);
}

/** Decodes the bytes, and removes a byte order mark. */
export async function* decoded(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(LABELS[encoding]);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** Returns the separator that occurs most often in the first line, outside quotes, or a comma if there is none. */
export function separatorOf(sample: string): Separator {
  const counts = new Map<string, number>(SEPARATORS.map((separator) => [separator, 0]));
  let isQuoted = false;
  for (const character of sample.slice(0, SAMPLE_CHARACTERS)) {
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if ((character === '\n' || character === '\r') && sumOf(counts) > 0) break;
    else if (counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return SEPARATORS.reduce((best, one) => ((counts.get(one) ?? 0) > (counts.get(best) ?? 0) ? one : best), ',');
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
