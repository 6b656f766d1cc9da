/** Reads schema.prisma, for comparison with the migrated database. */

import { readFile } from 'node:fs/promises';

/** The database that schema.prisma describes, in SQL terms. */
export interface ModelledDatabase {
  readonly tables: ReadonlyMap<string, ModelledTable>;
  /** The values of each enum type, in order. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

interface ModelledTable {
  /** "column: type" or "column: type not null", sorted. */
  readonly columns: readonly string[];
  readonly primaryKey: readonly string[];
  /** The columns of each unique key, joined by commas, sorted. */
  readonly uniques: readonly string[];
  /** "columns -> table (columns)", sorted. */
  readonly references: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = {
  String: 'text',
  BigInt: 'bigint',
  Int: 'integer',
  Boolean: 'boolean',
  DateTime: 'timestamp(3) without time zone',
  Bytes: 'bytea',
  Json: 'jsonb',
  '@db.Uuid': 'uuid',
  '@db.SmallInt': 'smallint',
  '@db.Timestamptz(3)': 'timestamp(3) with time zone',
};

interface Block {
  readonly kind: string;
  readonly name: string;
  readonly lines: readonly string[];
}

/** Reads the subset of Prisma's language that our schema uses, and throws on anything else. */
export async function readPrismaModel(file: URL): Promise<ModelledDatabase> {
  const blocks = [...(await readFile(file, 'utf8')).matchAll(/^(model|enum) (\w+) \{\n(.*?)^\}/gms)].map(
    ([, kind = '', name = '', body = '']): Block => ({ kind, name, lines: body.split('\n').flatMap((line) => line.trim() || []) }),
  );
  const named = new Map(blocks.map((block) => [block.name, block]));
  const mapped = (name: string) => blockAttribute(named.get(name), /^@@map\("(\w+)"\)/) ?? name;
  const enums = blocks.filter(({ kind }) => kind === 'enum');
  const models = blocks.filter(({ kind }) => kind === 'model');
  return {
    enums: new Map(enums.map(({ name, lines }) => [mapped(name), lines.filter((line) => !line.startsWith('@@'))])),
    tables: new Map(models.map((model) => [mapped(model.name), readTable(model, named, mapped)])),
  };
}

function readTable(model: Block, named: ReadonlyMap<string, Block>, mapped: (name: string) => string): ModelledTable {
  const fields = model.lines.filter((line) => !line.startsWith('@@') && !line.startsWith('//')).map(readField);
  const column = (block: Block | undefined, field: string) => {
    const line = block?.lines.find((candidate) => candidate.split(/\s+/)[0] === field) ?? '';
    return /@map\("(\w+)"\)/.exec(line)?.[1] ?? field;
  };
  const columnsOf = (block: Block | undefined, list: string) => list.split(',').map((field) => column(block, field.trim()));
  const stored = fields.filter(({ type }) => named.get(type)?.kind !== 'model');
  const key = blockAttribute(model, /^@@id\(\[(.*?)\]/) ?? fields.find(({ rest }) => /@id\b/.test(rest))?.name ?? '';
  const uniqueFields = stored.filter(({ rest }) => /@unique\b/.test(rest)).map(({ name }) => name);
  const uniqueGroups = model.lines.flatMap((line) => /^@@unique\(\[(.*?)\]/.exec(line)?.[1] ?? []);
  return {
    columns: stored
      .map(({ name, type, optional, rest }) => {
        const native = /@db\.[A-Za-z]+(\(\d+\))?/.exec(rest)?.[0];
        const sqlType = named.get(type)?.kind === 'enum' ? mapped(type) : TYPES[native ?? type];
        if (sqlType === undefined) throw new Error(`${model.name}.${name} has a type this test does not know: ${native ?? type}`);
        return `${column(model, name)}: ${sqlType}${optional ? '' : ' not null'}`;
      })
      .sort(),
    primaryKey: columnsOf(model, key),
    uniques: [...uniqueFields, ...uniqueGroups].map((list) => columnsOf(model, list).join(', ')).sort(),
    references: fields
      .flatMap(({ type, rest }) => {
        const relation = /@relation\(.*fields: \[(.*?)\], references: \[(.*?)\]/.exec(rest);
        if (!relation?.[1] || !relation[2]) return [];
        const target = columnsOf(named.get(type), relation[2]).join(', ');
        return [`${columnsOf(model, relation[1]).join(', ')} -> ${mapped(type)} (${target})`];
      })
      .sort(),
  };
}

function readField(line: string): { name: string; type: string; optional: boolean; rest: string } {
  const [, name, type, mark, rest] = /^(\w+)\s+(\w+)(\?|\[\])?\s*(.*)$/.exec(line) ?? [];
  if (name === undefined || type === undefined) throw new Error(`a line of schema.prisma that this test cannot read: ${line}`);
  return { name, type, optional: mark === '?', rest: rest ?? '' };
}

function blockAttribute(block: Block | undefined, pattern: RegExp): string | undefined {
  return block?.lines.map((line) => pattern.exec(line)?.[1]).find((value) => value !== undefined);
}
