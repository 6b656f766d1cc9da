import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { problemWord } from '../../web/src/screens/imports/problem-words.ts';

const ROOM = new URL('../../src/domain/imports/', import.meta.url);

/** Files with messages about an uploaded file and its rows, and not about a mutation's input or a parameter. */
const FILES = ['check-preview.ts', 'write-preview.ts', 'write-import.ts'];
/** How such messages begin. */
const SENTENCE =
  /['`]((?:is|must be|has|says|names|leads|stands|cannot|No column|This is|The (?:line|file|record|panel|credits)|A quote|Whoever)\b[^'`]*\.)[ '`]/g;
/** Messages that forms translate. */
const OF_FORMS = /^is not a field\.$|^must be (?:one of|at most|a time zone|a comma)/;

test('every message about a file to import is translated into both languages (R55)', async () => {
  const reading = (await readdir(new URL('reading/', ROOM))).map((name) => `reading/${name}`);
  const texts = await Promise.all([...FILES, ...reading].map((name) => readFile(new URL(name, ROOM), 'utf8')));
  // Messages in SQL have quotes of their own. Numbers replace the placeholders.
  const said = texts.flatMap((text) => [...text.replaceAll(/\$\{[^}]*\}/g, '10').matchAll(SENTENCE)].map((found) => found[1] ?? ''));
  const sentences = [...new Set(said)].filter((sentence) => !OF_FORMS.test(sentence));
  expect(sentences.length).toBeGreaterThan(25);
  expect(sentences.filter((sentence) => problemWord(sentence) === null)).toEqual([]);
});
