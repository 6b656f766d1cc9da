/** Checks rules about imports that the linter cannot, because it ignores imports of types. */

import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, textOf } from './tree.ts';

/** `import … from`, `export … from`, `import '…'` and `import('…')`, types included. */
const IMPORT = /(?:^|\n)(?:import|export)\b[^;'"`]*?\bfrom\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;

/** The project's own files that a file imports. */
function importsOf(path: string): string[] {
  return [...textOf(path).matchAll(IMPORT)]
    .map((found) => found[1] ?? found[2] ?? found[3] ?? '')
    .filter((target) => target.startsWith('.'))
    .map((target) => normalize(join(dirname(path), target)));
}

/** The cycles of a graph: groups of files that reach each other (Tarjan). */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const indices = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  function visit(file: string): void {
    indices.set(file, indices.size);
    lowest.set(file, indices.get(file) ?? 0);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue;
      if (!indices.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(next) ?? 0));
    }
    if (lowest.get(file) !== indices.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1 || graph.get(file)?.includes(file)) circles.push(circle.sort());
  }
  for (const file of graph.keys()) if (!indices.has(file)) visit(file);
  return circles;
}

test('the search for import cycles finds one of two files, one of three, and a file that imports itself', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['a', 'c']],
    ['c', ['d']],
    ['d', ['e']],
    ['e', ['c']],
    ['f', ['f', 'a']],
    ['g', ['a']],
  ]);
  expect(circlesOf(graph).sort()).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']]);
});

test('no file imports itself through others, imports of types included', () => {
  const files = filesBelow(['src', 'schema', 'prisma', 'web'], ['.ts', '.tsx']);
  expect(files.length).toBeGreaterThan(300);
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  expect(graph.get('src/serve.ts')).toContain('src/app.ts');
  expect(circlesOf(graph)).toEqual([]);
});

/** The layers that a layer may import from, apart from itself. `schema` may read the clock of `db`. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/kernel': [],
  'src/db': ['src/kernel', 'prisma/generated'],
  'src/ledger': ['src/db', 'src/kernel'],
  'src/feed': ['src/db', 'src/kernel'],
  'src/payments': ['src/kernel'],
  'src/mail': ['src/outbox', 'src/kernel'],
  'src/outbox': ['src/db', 'src/kernel'],
};

test.each(Object.entries(ALLOWED))('%s imports only from the layers below it, types included', (layer, allowed) => {
  const strays = filesBelow([layer], ['.ts']).flatMap((file) =>
    importsOf(file)
      .filter((target) => ![layer, ...allowed].some((folder) => target.startsWith(`${folder}/`)))
      .map((target) => `${file} imports ${target}`),
  );
  expect(strays).toEqual([]);
});

test('the rules of credits import only the kernel, commands, outcomes and each other, and so stay pure', () => {
  const strays = filesBelow(['src/ledger/rules'], ['.ts']).flatMap((file) =>
    importsOf(file)
      .filter((target) => !/^src\/(kernel|ledger\/rules)\/|^src\/ledger\/(command|outcome)\.ts$/.test(target))
      .map((target) => `${file} imports ${target}`),
  );
  expect(strays).toEqual([]);
});

test('no rule, use case or field reads the clock of the process: business time is the database’s (R25)', () => {
  const strays = filesBelow(['src/ledger', 'src/domain', 'schema'], ['.ts']).filter((file) =>
    /\bDate\.now\(|\bnew Date\(\)/.test(textOf(file)),
  );
  expect(strays).toEqual([]);
});

/** Packages of hundreds of modules or megabytes that most runs of a server never use. */
const LOADED_WHEN_USED = [
  '@graphql-yoga/render-graphiql',
  '@opentelemetry/api',
  '@opentelemetry/core',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace',
  'nodemailer',
  'pix-utils',
  'stripe',
  'undici',
];

test('large and rarely used packages are loaded when they are first used, not when the server starts', () => {
  const files = filesBelow(['src', 'schema', 'prisma'], ['.ts']);
  const loads = files.flatMap((file) => {
    const text = textOf(file);
    const early = [...text.matchAll(/(?:^|\n)(?:import|export)\s+(?!type\b)[^;'"`]*?\bfrom\s*'([^']+)'/g)].map(([, name]) => name ?? '');
    expect(
      LOADED_WHEN_USED.filter((name) => early.includes(name)),
      file,
    ).toEqual([]);
    return LOADED_WHEN_USED.filter((name) => text.includes(`import('${name}')`));
  });
  expect([...new Set(loads)].sort()).toEqual(LOADED_WHEN_USED);
});

test('the viewer and the tenant’s rules are queried above list rows, because each row would watch every change', () => {
  const asking = filesBelow(['web/src'], ['.ts', '.tsx']).filter((file) => /useQuery\((Viewer|Rules)Document/.test(textOf(file)));
  expect(asking.filter((file) => !file.startsWith('web/src/data/')).sort()).toEqual([]);
  const perRow = ['useFormat', 'useDisabledReason', 'useActionDisabledReason', 'useTimeZone', 'useViewer'];
  const bodies = filesBelow(['web/src/data', 'web/src/ui', 'web/src/i18n'], ['.ts', '.tsx']).map(textOf).join('\n');
  for (const hook of perRow) {
    const body = new RegExp(`export function ${hook}\\(.*?\\n}`, 's').exec(bodies)?.[0];
    expect(body, hook).toBeDefined();
    expect(body, hook).not.toContain('useQuery(');
  }
});
