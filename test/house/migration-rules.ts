/** Finds what a migration does that the version before, serving beside it, could not stand (ADR-0118). */

/** One finding: `rule table`, as exceptions name it. */
export type Finding = string;

/** What a server of the version before may still name. */
const TAKES_AWAY: readonly (readonly [string, RegExp])[] = [
  ['drops', /^DROP (?:TABLE|TYPE|FUNCTION|TRIGGER|VIEW|SEQUENCE|INDEX)\b(?: CONCURRENTLY)?(?: IF EXISTS)? (\w+)/],
  ['revokes', /^REVOKE\b.*? ON (?:TABLE )?(\w+)/],
  ['renames', /^ALTER (?:TABLE (?=\w+ RENAME TO)|TYPE |INDEX |FUNCTION )(\w+) RENAME\b/],
];

/** Of one clause of ALTER TABLE. */
const CLAUSES: readonly (readonly [string, RegExp])[] = [
  ['drops a column of', /^DROP (?:COLUMN )?(?!CONSTRAINT)/],
  ['drops a constraint of', /^DROP CONSTRAINT/],
  ['renames in', /^RENAME/],
  ['changes a type of', /^ALTER (?:COLUMN )?\w+ (?:SET DATA )?TYPE\b/],
  ['drops a default of', /^ALTER (?:COLUMN )?\w+ DROP DEFAULT\b/],
  ['forbids NULL in', /^ALTER (?:COLUMN )?\w+ SET NOT NULL\b/],
  [
    'adds a required column to',
    /^ADD (?:COLUMN )?(?!CONSTRAINT|UNIQUE|CHECK|PRIMARY|FOREIGN|EXCLUDE)(?=.*\bNOT NULL\b)(?!.*\b(?:DEFAULT|GENERATED)\b)/,
  ],
  // Every row is written anew, and nobody reads or writes one meanwhile.
  ['rewrites', /^ADD (?:COLUMN )?\w+.*(?:\bGENERATED\b|\bSERIAL\b|DEFAULT (?:nextval|gen_random_uuid|clock_timestamp)\b)/i],
  // Every row is read, and nobody writes one meanwhile; and what the version before writes may break it.
  ['constrains', /^ADD (?:CONSTRAINT \w+ )?(?:CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\b(?!.*\bNOT VALID$)/],
];

/** What this script does to tables that were there before it. */
export function findingsIn(script: string): readonly Finding[] {
  const statements = statementsOf(script);
  // An index that is dropped and made again, too.
  const own = new Set(
    statements.flatMap(
      (statement) => /^CREATE (?:(?:TABLE|TYPE)(?: IF NOT EXISTS)?|(?:UNIQUE )?INDEX CONCURRENTLY) (\w+)/.exec(statement)?.[1] ?? [],
    ),
  );
  const found = statements.flatMap((statement) => findingsOf(statement));
  return [...new Set(found.filter(({ table }) => !own.has(table)).map(({ rule, table }) => `${rule} ${table}`))];
}

function findingsOf(statement: string): readonly { readonly rule: string; readonly table: string }[] {
  for (const [rule, pattern] of TAKES_AWAY) {
    const table = pattern.exec(statement)?.[1];
    if (table !== undefined) return [{ rule, table }];
  }
  const index = /^CREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?.*? ON (\w+)/.exec(statement);
  if (index?.[2] !== undefined) return index[1] === undefined ? [{ rule: 'indexes', table: index[2] }] : [];
  const trigger = /^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER .*? ON (\w+)/.exec(statement)?.[1];
  if (trigger !== undefined) return [{ rule: 'triggers on', table: trigger }];
  const written = /^(?:WITH .*)?(?:UPDATE|DELETE FROM) (\w+)/.exec(statement)?.[1];
  if (written !== undefined) return [{ rule: 'writes all of', table: written }];
  const [, table = '', clauses = ''] = /^ALTER TABLE (?:ONLY )?(\w+) (.*)$/.exec(statement) ?? [];
  return splitOutside(clauses, ',').flatMap((clause) => {
    // What is in parentheses is a condition, or a list.
    const bare = clause.replace(/\(.*\)/, '()');
    return CLAUSES.filter(([, pattern]) => pattern.test(bare)).map(([rule]) => ({ rule, table }));
  });
}

/** Without comments, texts and bodies of functions, each on one line. */
function statementsOf(script: string): readonly string[] {
  const bare = script
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/\s+/g, ' ');
  return splitOutside(bare, ';');
}

/** By a separator that is in no parenthesis. */
function splitOutside(text: string, separator: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
