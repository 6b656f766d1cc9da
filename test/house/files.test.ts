/** Holds what every file and every folder says of itself. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, foldersBelow, textOf } from './tree.ts';

/** A comment at the very top that begins with a capital and comes to the end of a sentence. */
const SENTENCE = /^(\/\*\*?[\s*]+|\/\/ )["`]?\p{Lu}[^.?]*?[.?:]/u;

test('every file of src, schema, web and the seed opens with one sentence that says what it is for', () => {
  const files = [...filesBelow(['src', 'schema', 'web'], ['.ts', '.tsx', '.css']), ...filesBelow(['prisma'], ['.ts'])];
  expect(files.length).toBeGreaterThan(350);
  const silent = files.filter((file) => !SENTENCE.test(textOf(file)));
  expect(silent).toEqual([]);
});

/** Up to two levels down: what is below has a README only if it wants one. */
function rooms(): string[] {
  return foldersBelow(['src', 'schema', 'web/src']).filter((folder) => {
    const depth = folder.replace(/^web\//, '').split('/').length;
    return folder !== 'src' && folder !== 'web/src' && depth <= 3 && !/^web\/src\/\w+\//.test(folder);
  });
}

test('every room has a README of 15 to 30 lines: what it promises, what it imports, where to start', () => {
  expect(rooms().length).toBeGreaterThan(40);
  const wrong = [...rooms(), 'web'].flatMap((room) => {
    const path = `${room}/README.md`;
    if (!existsSync(path)) return [`${path} is missing`];
    const text = textOf(path);
    const lines = text.split('\n').length - 1;
    if (lines < 15 || lines > 30) return [`${path} has ${lines} lines`];
    const heads = ['## What it promises', '## Imports', '## Where to start'].filter((head) => !text.includes(`\n${head}\n`));
    return heads.map((head) => `${path} lacks "${head}"`);
  });
  expect(wrong).toEqual([]);
});

test('what a README of a room calls by its file name is there', () => {
  const missing = filesBelow(['src', 'schema', 'web'], ['README.md']).flatMap((path) =>
    [...textOf(path).matchAll(/^- (.*)$/gm)]
      .flatMap(([line]) => [...line.matchAll(/`((?:\.{1,2}\/)?[\w./-]+\.tsx?)`/g)].map((found) => found[1] ?? ''))
      .filter((name) => !existsSync(join(dirname(path), name)) && !existsSync(name))
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});

const MAX_LINES = 400;

test('no file is longer than 400 lines: one that grows past that holds two things', () => {
  const files = filesBelow(['src', 'schema', 'web', 'test', 'bench', 'examples'], ['.ts', '.tsx', '.css']);
  expect(files.length).toBeGreaterThan(900);
  const long = files.map((file) => ({ file, lines: textOf(file).split('\n').length - 1 })).filter(({ lines }) => lines > MAX_LINES);
  expect(long).toEqual([]);
});
