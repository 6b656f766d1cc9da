/** Checks what every file and every folder says about itself. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, foldersBelow, textOf } from './tree.ts';

/** A comment at the very top that begins with a capital letter and contains the end of a sentence. */
const SENTENCE = /^(\/\*\*?[\s*]+|\/\/ )["`]?\p{Lu}[^.?]*?[.?:]/u;

test('every file of src, schema, web and the seed opens with one sentence that says what it is for', () => {
  const files = [...filesBelow(['src', 'schema', 'web'], ['.ts', '.tsx', '.css']), ...filesBelow(['prisma'], ['.ts'])];
  expect(files.length).toBeGreaterThan(350);
  const silent = files.filter((file) => !SENTENCE.test(textOf(file)));
  expect(silent).toEqual([]);
});

/** Folders down to two levels; deeper folders may have a README. */
function rooms(): string[] {
  return foldersBelow(['src', 'schema', 'web/src']).filter((folder) => {
    const depth = folder.replace(/^web\//, '').split('/').length;
    return folder !== 'src' && folder !== 'web/src' && depth <= 3 && !/^web\/src\/\w+\//.test(folder);
  });
}

test('every such folder has a README of 15 to 30 lines: what it promises, what it imports, where to start', () => {
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

test("every file that a folder's README names exists", () => {
  const missing = filesBelow(['src', 'schema', 'web'], ['README.md']).flatMap((path) =>
    [...textOf(path).matchAll(/^- (.*)$/gm)]
      .flatMap(([line]) => [...line.matchAll(/`((?:\.{1,2}\/)?[\w./-]+\.tsx?)`/g)].map((found) => found[1] ?? ''))
      .filter((name) => !existsSync(join(dirname(path), name)) && !existsSync(name))
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});

const MAX_LINES = 400;

test('no file is longer than 400 lines', () => {
  const files = filesBelow(['src', 'schema', 'web', 'test', 'bench', 'examples'], ['.ts', '.tsx', '.css']);
  expect(files.length).toBeGreaterThan(900);
  const long = files.map((file) => ({ file, lines: textOf(file).split('\n').length - 1 })).filter(({ lines }) => lines > MAX_LINES);
  expect(long).toEqual([]);
});
