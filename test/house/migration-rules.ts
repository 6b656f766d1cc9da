/**
 * Finds statements of a migration that a server of the previous version, running at the same time, could not tolerate
 * (ADR-0118).
 */

/** One finding: `rule table`, as exceptions name it. */
export type Finding = string;

/** Statements that remove what a server of the previous version may still use. */
const TAKES_AWAY: readonly (readonly [string, RegExp])[] = [
  ['drops', /^DROP (?:TABLE|TYPE|FUNCTION|TRIGGER|VIEW|SEQUENCE|INDEX)\b(?: CONCURRENTLY)?(?: IF EXISTS)? (\w+)/],
  ['revokes', /^REVOKE\b.*? ON (?:TABLE )?(\w+)/],
  ['renames', /^ALTER (?:TABLE (?=\w+ RENAME TO)|TYPE |INDEX |FUNCTION )(\w+) RENAME\b/],
];

/** Clauses of ALTER TABLE. */
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
  // Rewrites every row, and blocks reads and writes meanwhile.
  ['rewrites', /^ADD (?:COLUMN )?\w+.*(?:\bGENERATED\b|\bSERIAL\b|DEFAULT (?:nextval|gen_random_uuid|clock_timestamp)\b)/i],
  // Reads every row and blocks writes meanwhile; rows from the previous version may violate it.
  ['constrains', /^ADD (?:CONSTRAINT \w+ )?(?:CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\b(?!.*\bNOT VALID$)/],
];

/** The findings about tables that existed before this script. */
export function findingsIn(script: string): readonly Finding[] {
  const statements = statementsOf(script);
  // Includes an index that is dropped and created again.
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
    // The parentheses contain a condition or a list.
    const bare = clause.replace(/\(.*\)/, '()');
    return CLAUSES.filter(([, pattern]) => pattern.test(bare)).map(([rule]) => ({ rule, table }));
  });
}

/** The statements without comments, string contents and function bodies, each on one line. */
function statementsOf(script: string): readonly string[] {
  const bare = script
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/\s+/g, ' ');
  return splitOutside(bare, ';');
}

/** Splits at a separator that is outside all parentheses. */
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
