import { readFile } from 'node:fs/promises';
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isIntrospectionType,
  isScalarType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';

const read = (file: string) => readFile(new URL(file, import.meta.url), 'utf8');

/** The contract of a definition, one line for each name; order and descriptions do not count. */
function promises(definitions: readonly DefinitionNode[]): Map<string, string> {
  const lines = new Map<string, string>();
  for (const node of definitions) {
    switch (node.kind) {
      case Kind.SCALAR_TYPE_DEFINITION:
        lines.set(node.name.value, 'scalar');
        break;
      case Kind.ENUM_TYPE_DEFINITION:
        lines.set(node.name.value, `enum ${(node.values ?? []).map((value) => value.name.value).sort()}`);
        break;
      case Kind.UNION_TYPE_DEFINITION:
        lines.set(node.name.value, 'union');
        break;
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
        const interfaces = 'interfaces' in node ? (node.interfaces ?? []).map((one) => one.name.value).sort() : [];
        lines.set(node.name.value, `${node.kind} ${interfaces} ${directives(node.directives)}`);
        for (const field of node.fields ?? []) lines.set(`${node.name.value}.${field.name.value}`, promiseOfField(field));
        break;
      }
    }
  }
  return lines;
}

function promiseOfField(field: FieldDefinitionNode | InputValueDefinitionNode): string {
  if (field.kind === Kind.INPUT_VALUE_DEFINITION) return promiseOfInput(field);
  return `(${(field.arguments ?? []).map(promiseOfInput).sort()}): ${print(field.type)}`;
}

function promiseOfInput({ name, type, defaultValue }: InputValueDefinitionNode): string {
  return `${name.value}: ${print(type)}${defaultValue ? ` = ${print(defaultValue)}` : ''}`;
}

function directives(nodes: readonly ConstDirectiveNode[] = []): string {
  return nodes.map(print).sort().join(' ');
}

describe('the printed schema', () => {
  test('is the committed schema.graphql', async () => {
    expect(await read('../../schema/schema.graphql')).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
  });

  test('keeps the contract: names, types, nullability, arguments, defaults and enum values', async () => {
    const contract = promises(parse(await read('contract.graphql')).definitions);
    const printed = promises(parse(printSchema(schema)).definitions);
    const broken: string[] = [];
    for (const [name, promise] of contract) {
      if (printed.get(name) !== promise) broken.push(`${name} ${promise} is ${printed.get(name) ?? 'missing'}`);
    }
    expect(broken).toEqual([]);
  });

  test('names connections, edges and results as the contract says', async () => {
    const printed = promises(parse(printSchema(schema)).definitions);
    for (const node of ['Reseller', 'Entry', 'User', 'ApiKey', 'AuditEntry']) {
      expect(printed.get(`${node}Connection.edges`)).toBe(`(): [${node}Edge!]!`);
      expect(printed.get(`${node}Connection.pageInfo`)).toBe('(): PageInfo!');
      expect(printed.get(`${node}Connection.totalCount`)).toBe('(): Int');
      expect(printed.get(`${node}Edge.node`)).toBe(`(): ${node}!`);
      expect(printed.get(`${node}Edge.cursor`)).toBe('(): String!');
    }
    for (const name of Object.keys(schema.getMutationType()?.getFields() ?? {})) {
      if (['signOut', 'revokeOtherSessions', 'requestPasswordReset'].includes(name)) continue;
      expect(printed.get(`${name[0]?.toUpperCase()}${name.slice(1)}Result`)).toBe('union');
    }
  });

  test('says where every custom scalar is specified', () => {
    const scalars = Object.values(schema.getTypeMap()).filter((type) => isScalarType(type) && !isSpecifiedScalarType(type));
    expect(scalars.length).toBeGreaterThan(0);
    for (const scalar of scalars) expect(scalar).toHaveProperty('specifiedByURL', expect.stringMatching(/^https:/));
  });

  test('describes every type, field, argument, enum value and input field in sentences', () => {
    const silent: string[] = [];
    const check = (name: string, { description }: { description?: string | null | undefined }) => {
      if (!description || !/^[\p{Lu}\p{N}"`(]/u.test(description)) silent.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
      check(type.name, type);
      if ('getValues' in type) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
      if (!('getFields' in type)) continue;
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field);
        if ('args' in field) for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg);
      }
    }
    for (const directive of schema.getDirectives()) if (!isSpecifiedDirective(directive)) check(directive.name, directive);
    expect(silent).toEqual([]);
  });
});
