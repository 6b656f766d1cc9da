/** Checks docs/rules.md, the rules of the business, against the code and the tests. */

import { expect, test } from 'vitest';
import { filesBelow, textOf } from './tree.ts';

const NUMBER = /\bR(\d{1,2})\b/g;

/** A row of the rule book: its number, and whether it is already built. */
interface Rule {
  readonly name: string;
  readonly isBuilt: boolean;
}

function rules(): Rule[] {
  return [...textOf('docs/rules.md').matchAll(/^\| (R\d+) \| (built|planned) \|/gm)].map(([, name = '', state]) => ({
    name,
    isBuilt: state === 'built',
  }));
}

/** The lines that contain titles: after `test(`, `it.each(…)(` and the like, or on the next line. */
function titles(): string {
  return filesBelow(['test'], ['.test.ts'])
    .flatMap((file) => [...textOf(file).matchAll(/^\s*(?:test|it|describe)\b[^\n]*(?:\n\s*['`"][^\n]*)?|^\s*\)\(\s*['`"][^\n]*/gm)])
    .map(([line]) => line)
    .join('\n');
}

test('docs/rules.md has each rule from R1 to R58 once', () => {
  const names = rules().map(({ name }) => name);
  expect([...names].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)))).toEqual(
    Array.from({ length: 58 }, (_, index) => `R${index + 1}`),
  );
});

test('every rule that code or a test cites is in docs/rules.md', () => {
  const known = new Set(rules().map(({ name }) => name));
  const files = [
    ...filesBelow(['src', 'schema', 'web', 'test', 'bench'], ['.ts', '.tsx']),
    ...filesBelow(['prisma'], ['.ts', '.sql', '.prisma']),
    'schema/schema.graphql',
  ];
  const unknown = files.flatMap((file) =>
    [...textOf(file).matchAll(NUMBER)].filter(([name]) => !known.has(name)).map(([name]) => `${file}: ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('every rule that is built has a test whose title names it', () => {
  const named = new Set([...titles().matchAll(NUMBER)].map(([name]) => name));
  const unproved = rules().filter(({ isBuilt, name }) => isBuilt && !named.has(name));
  expect(unproved.map(({ name }) => name)).toEqual([]);
});
