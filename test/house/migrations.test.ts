/** Checks that the previous version can serve while a migration runs, and after it (ADR-0118). */

import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findingsIn } from './migration-rules.ts';
import { textOf } from './tree.ts';

const FOLDER = 'prisma/migrations';

/**
 * Written before the rule existed and before anybody ran a version of it. A server would have waited for the index,
 * or for the check of each row.
 */
const EARLIER = 'its tables were small, and no server was running';
const HOLDS_OF_DEFAULTS = 'the defaults satisfy it, and the previous version writes only these';
const LOOSER = 'the new check accepts everything that the previous version writes';
const FOR_THE_VERSION_BEFORE = 'the trigger writes columns that the previous version does not know';

/**
 * Findings that new migrations may not have, each with the reason why it could stay. Do not add a new migration here:
 * see CONTRIBUTING.
 */
const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '20261123000000_business': {
    'drops a constraint of account': LOOSER,
    'constrains account': LOOSER,
    'constrains reseller': EARLIER,
    'indexes transfer': EARLIER,
  },
  '20261123000200_people': { 'constrains app_user': EARLIER },
  '20261123000300_payments': { 'indexes transfer': EARLIER },
  '20261123000900_payments_of_sellers': { 'drops purchase_reference': LOOSER, 'indexes purchase': EARLIER },
  '20261128000100_spans_and_orders': {
    'drops a constraint of customer': LOOSER,
    'constrains customer': LOOSER,
    'rewrites customer': EARLIER,
    'indexes customer': EARLIER,
    'rewrites reseller': EARLIER,
    'indexes reseller': EARLIER,
  },
  '20261128000200_claims': {
    'indexes purchase': EARLIER,
    'drops a constraint of account': LOOSER,
    'constrains account': LOOSER,
    'writes all of purchase': 'charge-backs are few, and each had to become a claim',
  },
  '20261128000400_contacts': { 'indexes customer': EARLIER, 'indexes trial': EARLIER },
  '20261128050000_closed_panels': { 'indexes reseller': EARLIER },
  '20261128060000_undo': { 'triggers on customer': FOR_THE_VERSION_BEFORE },
  '20261128070100_purchase_numbers': {
    'writes all of purchase': EARLIER,
    'forbids NULL in purchase': 'the trigger of the same migration numbers what the version before inserts',
    'triggers on purchase': FOR_THE_VERSION_BEFORE,
    'indexes purchase': EARLIER,
  },
  '20261128090100_purchase_changes': { 'triggers on purchase': FOR_THE_VERSION_BEFORE, 'indexes purchase': EARLIER },
  '20261128091000_spans_known': { 'triggers on customer': 'it refuses what the version before would get wrong (ADR-0065)' },
  '20261128140000_customer_access': { 'indexes customer': EARLIER },
  '20261128140100_access_feed': { 'writes all of customer': EARLIER, 'indexes customer': EARLIER },
  '20261128150000_owner_rules': {
    'drops a constraint of purchase': LOOSER,
    'constrains purchase': LOOSER,
    'drops a constraint of credit_package': LOOSER,
    'constrains credit_package': LOOSER,
  },
  '20261128150100_reseller_limits': {
    'constrains reseller': HOLDS_OF_DEFAULTS,
    'indexes reseller': EARLIER,
  },
  '20261128170100_service_states': { 'indexes access_event': EARLIER },
  '20261128173000_webhooks': { 'triggers on reseller': FOR_THE_VERSION_BEFORE },
  '20261128200000_webhook_events': { 'drops a constraint of webhook_endpoint': LOOSER, 'constrains webhook_endpoint': LOOSER },
  '20261128220100_failed_services': { 'indexes service_state': EARLIER },
  '20261129100000_endpoint_changes': {
    'triggers on webhook_endpoint': FOR_THE_VERSION_BEFORE,
    'triggers on webhook_delivery': FOR_THE_VERSION_BEFORE,
  },
  '20261129103000_money_of_reports': { 'indexes customer_payment': EARLIER },
  '20261129110000_provider_customer_payments': { 'constrains customer_payment': HOLDS_OF_DEFAULTS },
  '20261129150000_lookups_by_key': { 'drops purchase_number': 'another unique index of the same numbers is there before it goes' },
};

const names = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

test('a migration only adds what the previous version can ignore, and blocks no server; each exception has a reason', () => {
  const found = Object.fromEntries(
    names.map((name) => [name, findingsIn(textOf(`${FOLDER}/${name}/migration.sql`))]).filter(([, findings]) => findings?.length),
  );
  const listed = Object.fromEntries(Object.entries(EXCEPTIONS).map(([name, reasons]) => [name, Object.keys(reasons)]));
  expect(found).toEqual(listed);
});

test('a migration that removes something names an earlier one, since which servers no longer need it', () => {
  const wrong = names.filter((name) => {
    const needed = /^-- Contract:(.*)$/m.exec(textOf(`${FOLDER}/${name}/migration.sql`))?.[1];
    const earlier = /^ servers without (\S+) cannot serve\.$/.exec(needed ?? '')?.[1] ?? '';
    return needed !== undefined && !(names.includes(earlier) && earlier < name);
  });
  expect(wrong).toEqual([]);
});

/** Earlier migrations run before a database is distributed; each later one runs on both kinds of database (ADR-0130). */
const DISTRIBUTED_SINCE = '20261129143000_distribute_table';

test('a table of a later migration is distributed before its foreign keys are added, and its keys contain the tenant', () => {
  const later = names.filter((name) => name > DISTRIBUTED_SINCE);
  expect(later.flatMap((name) => undistributedIn(textOf(`${FOLDER}/${name}/migration.sql`)).map((what) => `${name}: ${what}`))).toEqual([]);
});

test.each<[string, string[]]>([
  ["CREATE TABLE m (tenant_id uuid, PRIMARY KEY (tenant_id)); SELECT distribute_table('m');", []],
  ['CREATE TABLE m (tenant_id uuid, PRIMARY KEY (tenant_id));', ['m is not distributed']],
  ["CREATE TABLE m (tenant_id uuid REFERENCES tenant (id)); SELECT distribute_table('m');", ['m has a foreign key too early']],
  ["CREATE TABLE m (tenant_id uuid, id uuid UNIQUE); SELECT distribute_table('m');", ['m has a key without the tenant']],
  ["CREATE TABLE m (tenant_id uuid, id uuid, UNIQUE (id)); SELECT distribute_table('m');", ['m has a key without the tenant']],
])('%s: %j', (script, found) => {
  expect(undistributedIn(script)).toEqual(found);
});

function undistributedIn(script: string): string[] {
  return [...script.replaceAll(/--.*$/gm, '').matchAll(/CREATE TABLE (\w+) \(([\s\S]*?)\)\s*(?:WITH \([^)]*\))?;/g)].flatMap(
    ([, table = '', columns = '']) => [
      ...(script.includes(`SELECT distribute_table('${table}');`) ? [] : [`${table} is not distributed`]),
      ...(/REFERENCES/.test(columns) ? [`${table} has a foreign key too early`] : []),
      ...(/(?:UNIQUE|PRIMARY KEY)(?! \(tenant_id[,)])(?!\s*\(?[^,]*tenant_id)/.test(columns)
        ? [`${table} has a key without the tenant`]
        : []),
    ],
  );
}

test('a migration that creates an index concurrently does nothing else, and can be repeated after a failure', () => {
  const wrong = names.filter((name) => {
    const script = textOf(`${FOLDER}/${name}/migration.sql`).replaceAll(/--.*$/gm, '');
    const drops = [...script.matchAll(/^DROP INDEX CONCURRENTLY IF EXISTS (\w+);$/gm)].map(([, index]) => index);
    const makes = [...script.matchAll(/^CREATE (?:UNIQUE )?INDEX CONCURRENTLY (\w+) /gm)].map(([, index]) => index);
    const statements = script.split(';').filter((statement) => statement.trim() !== '');
    return (
      script.includes('CONCURRENTLY') &&
      !(makes.every((index) => drops.includes(index)) && statements.length === drops.length + makes.length)
    );
  });
  expect(wrong).toEqual([]);
});

test.each<[string, string]>([
  ['ALTER TABLE account DROP COLUMN debt;', 'drops a column of account'],
  ['ALTER TABLE account ADD COLUMN a int, DROP debt;', 'drops a column of account'],
  ['ALTER TABLE account RENAME COLUMN debt TO owed;', 'renames in account'],
  ['ALTER TABLE account RENAME TO accounts;', 'renames account'],
  ['ALTER TABLE account ADD COLUMN owed bigint NOT NULL;', 'adds a required column to account'],
  ['ALTER TABLE account ADD owed bigint CHECK (owed > 0) NOT NULL;', 'adds a required column to account'],
  ['ALTER TABLE account ADD COLUMN at timestamptz DEFAULT clock_timestamp();', 'rewrites account'],
  ['ALTER TABLE account ADD COLUMN two bigint GENERATED ALWAYS AS (debt * 2) STORED;', 'rewrites account'],
  ['ALTER TABLE account ALTER COLUMN debt TYPE numeric USING debt::numeric;', 'changes a type of account'],
  ['ALTER TABLE account ALTER debt SET NOT NULL;', 'forbids NULL in account'],
  ['ALTER TABLE account ADD CONSTRAINT debt_small CHECK (debt < 10);', 'constrains account'],
  ['ALTER TABLE account\n  ADD FOREIGN KEY (tenant_id) REFERENCES tenant (id);', 'constrains account'],
  ['CREATE UNIQUE INDEX i ON account (tenant_id, debt);', 'indexes account'],
  ['DROP TABLE account;', 'drops account'],
  ['REVOKE SELECT ON account FROM revenda_read;', 'revokes account'],
  ['UPDATE account SET debt = 0;', 'writes all of account'],
  ['CREATE TRIGGER t BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION f();', 'triggers on account'],
])('%s is found', (script, finding) => {
  expect(findingsIn(script)).toEqual([finding]);
});

test.each([
  'CREATE TABLE more (tenant_id uuid PRIMARY KEY); CREATE INDEX m ON more (tenant_id); GRANT SELECT ON more TO revenda_read;',
  "ALTER TABLE account ADD COLUMN a text, ADD COLUMN b text NOT NULL DEFAULT 'DROP COLUMN; x', ADD COLUMN c int CHECK (c IS NOT NULL OR b <> '');",
  "ALTER TYPE transfer_kind ADD VALUE IF NOT EXISTS 'NEW';",
  'DROP INDEX CONCURRENTLY IF EXISTS i;\nCREATE INDEX CONCURRENTLY i ON account (tenant_id, debt);',
  'ALTER TABLE account ADD CONSTRAINT debt_small CHECK (debt < 10) NOT VALID;',
  '-- DROP TABLE account;\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM account; END $$;',
])('%s may be done', (script) => {
  expect(findingsIn(script)).toEqual([]);
});
