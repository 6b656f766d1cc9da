/** Checks the documents: their links, their lengths, and that they are complete. */

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, textOf } from './tree.ts';

const DECISIONS = 'docs/decisions';
const SECTIONS = ['Status', '## Context', '## Decision', '## Consequences', '## Measured'];

function documents(): string[] {
  const atTheRoot = readdirSync('.').filter((name) => name.endsWith('.md'));
  return [...atTheRoot, ...filesBelow(['docs', 'src', 'schema', 'web', '.github', 'bench', 'ops'], ['.md'])];
}

function decisions(): string[] {
  return readdirSync(DECISIONS).filter((name) => name.endsWith('.md'));
}

/** Makes the anchor of a heading as GitHub does. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[`*]/g, '')
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

/** The text of a document without its code blocks. */
function prose(path: string): string {
  return textOf(path).replace(/^```[\s\S]*?^```/gm, '');
}

test('every link in a document leads to an existing file and heading', () => {
  const broken = documents().flatMap((path) =>
    [...prose(path).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)|<img src="([^"]+)"/g)].flatMap((found) => {
      const [file = '', anchor] = (found[1] ?? found[2] ?? '').split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(target)) return [`${path}: ${target}`];
      if (anchor === undefined) return [];
      const headings = [...prose(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
      return headings.includes(anchor) ? [] : [`${path}: ${target}#${anchor}`];
    }),
  );
  expect(broken).toEqual([]);
});

test('README and ARCHITECTURE have at most 150 lines, a decision at most 60', () => {
  const long = [
    ...['README.md', 'ARCHITECTURE.md'].filter((path) => textOf(path).split('\n').length > 151),
    ...decisions().filter((name) => textOf(join(DECISIONS, name)).split('\n').length > 61),
  ];
  expect(long).toEqual([]);
});

test('a decision has a unique number, a heading with its title, every section, and a link in ARCHITECTURE', () => {
  const architecture = textOf('ARCHITECTURE.md');
  const numbers = decisions().map((name) => name.slice(0, 4));
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
  const wrong = decisions().flatMap((name) => {
    const text = textOf(join(DECISIONS, name));
    const number = name.slice(0, 4);
    return [
      ...(/^\d{4}-[a-z0-9-]+\.md$/.test(name) ? [] : [`${name}: its name`]),
      ...(text.startsWith(`# ADR-${number}: `) ? [] : [`${name}: its heading`]),
      ...SECTIONS.filter((section) => !text.includes(`\n${section}`)).map((section) => `${name}: ${section}`),
      ...(architecture.includes(`(${join(DECISIONS, name)})`) ? [] : [`${name}: no link in ARCHITECTURE.md`]),
    ];
  });
  expect(wrong).toEqual([]);
});

test('every ADR that code, a test or a document cites exists', () => {
  const known = new Set(decisions().map((name) => `ADR-${name.slice(0, 4)}`));
  const files = [
    ...documents(),
    ...filesBelow(['src', 'schema', 'web', 'test', 'bench', 'prisma'], ['.ts', '.tsx', '.sql', '.prisma']),
    'biome.json',
  ].filter((path) => basename(path) !== 'documents.test.ts');
  const unknown = files.flatMap((path) =>
    [...textOf(path).matchAll(/\bADR-\d{4}\b/g)].filter(([name]) => !known.has(name)).map(([name]) => `${path}: ${name}`),
  );
  expect(unknown).toEqual([]);
});

test('docs/operations.md has every setting of src/config.ts, and no other', () => {
  const settings = [...textOf('src/config.ts').matchAll(/^ {4}([A-Z][A-Z_]+): /gm)].map(([, name]) => name);
  const section = /## Settings\n([\s\S]*?)\n## /.exec(textOf('docs/operations.md'))?.[1] ?? '';
  const told = [...section.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
  expect(settings.length).toBeGreaterThan(20);
  expect(told.sort()).toEqual(settings.sort());
});

test('the README links to the answer of each of its five questions', () => {
  const section = /## Five questions\n([\s\S]*?)\n## /.exec(textOf('README.md'))?.[1] ?? '';
  const rows = section.split('\n').filter((line) => /^\| .*\?/.test(line));
  expect(rows.map((row) => row.includes(']('))).toEqual([true, true, true, true, true]);
  expect(textOf('src/server/limits.ts')).toContain('socketsPerAddress: 256,');
});

test('docs/data-model.md has a line for every table in prisma/schema.prisma', () => {
  const tables = [...textOf('prisma/schema.prisma').matchAll(/^model \w+ \{[\s\S]*?^\}/gm)].map(
    ([model]) => /@@map\("(\w+)"\)/.exec(model)?.[1] ?? model.split(' ')[1],
  );
  const section = textOf('docs/data-model.md');
  expect(tables.filter((table) => !section.includes(`\`${table}\``))).toEqual([]);
});
