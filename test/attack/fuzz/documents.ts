/** Writes random documents from the schema. */

import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Random } from './random.ts';
import { type Corpus, literalOf, valueFor } from './values.ts';

export type Kind = 'query' | 'mutation' | 'subscription';

export interface Generated {
  readonly kind: Kind;
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName?: string;
}

const NAMES = [
  'a',
  'b',
  'c',
  'data',
  'errors',
  'length',
  'then',
  'toJSON',
  'toString',
  'constructor',
  '__proto__',
  'hasOwnProperty',
  '_',
  '__typename2',
];
const GOOD_DIRECTIVES = ['@include(if: true)', '@skip(if: false)', '@include(if: false)', '@skip(if: true) @include(if: true)'];
const MAX_DEPTH = 7;

/** One password costs seconds on a busy machine, so these are called only now and then. */
const EXPENSIVE: ReadonlySet<string> = new Set([
  ...['signIn', 'createReseller', 'createTenant', 'inviteUser', 'changePassword', 'changeEmail'],
  ...['startTotp', 'disableTotp', 'regenerateRecoveryCodes'],
]);
/** These end the sessions that all other calls use. */
const FATAL: ReadonlySet<string> = new Set([
  'signOut',
  'revokeSession',
  'revokeOtherSessions',
  'updateUser',
  'resetUserAccess',
  'closeReseller',
  'suspendReseller',
]);

/** Writes documents that mostly pass validation, over every field, argument and type of the schema. */
export class DocumentWriter {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #corpus: Corpus;
  #variables: { declaration: string; name: string; value: unknown }[] = [];
  #fragments: string[] = [];
  #fields = 0;

  constructor(schema: GraphQLSchema, random: Random, corpus: Corpus) {
    this.#schema = schema;
    this.#random = random;
    this.#corpus = corpus;
  }

  write(): Generated {
    const random = this.#random;
    const kind: Kind = random.chance(0.5) ? 'query' : random.chance(0.9) ? 'mutation' : 'subscription';
    this.#variables = [];
    this.#fragments = [];
    this.#fields = 0;
    const root = this.#root(kind);
    const selection = this.#rootSelection(root, kind);
    const name = random.chance(0.3) ? random.pick(NAMES) : '';
    const declared = this.#variables.map(({ declaration }) => declaration).join(', ');
    const isNamed = name !== '' || declared !== '' || kind !== 'query';
    const head = isNamed ? `${kind} ${name}${declared === '' ? '' : `(${declared})`} ` : '';
    const query = [`${head}${selection}`, ...this.#fragments].join('\n');
    const variables = Object.fromEntries(this.#variables.map(({ name: variable, value }) => [variable, value]));
    const spoiled = random.chance(0.04) ? this.#spoil(query) : query;
    return { kind, query: spoiled, variables, ...(name !== '' && random.chance(0.5) ? { operationName: name } : {}) };
  }

  #root(kind: Kind): GraphQLObjectType {
    const root = {
      query: this.#schema.getQueryType(),
      mutation: this.#schema.getMutationType(),
      subscription: this.#schema.getSubscriptionType(),
    }[kind];
    if (!root) throw new Error(`the schema has no ${kind}`);
    return root;
  }

  #rootSelection(root: GraphQLObjectType, kind: Kind): string {
    const random = this.#random;
    const fields = Object.values(root.getFields());
    const count = kind === 'subscription' ? 1 : 1 + random.below(3);
    const chosen = Array.from({ length: count }, () => {
      let field = random.pick(fields);
      const isRare = () => (EXPENSIVE.has(field.name) && random.chance(0.9)) || (FATAL.has(field.name) && random.chance(0.8));
      while (isRare()) field = random.pick(fields);
      return this.#field(field, 0);
    });
    return `{ ${chosen.join(' ')} }`;
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const random = this.#random;
    this.#fields += 1;
    // Aliases separate the same field with different arguments, as validation requires.
    const alias = random.chance(0.05) ? random.pick(NAMES) : `f${this.#fields}`;
    const type = getNamedType(field.type);
    const below = isLeafType(type) ? '' : ` ${this.#selection(type, depth + 1)}`;
    return `${alias}: ${field.name}${this.#arguments(field)}${this.#directives()}${below}`;
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const random = this.#random;
    const given = field.args.flatMap(({ defaultValue, name, type }) => {
      const isNeeded = isNonNullType(type) && defaultValue === undefined;
      if (!random.chance(isNeeded ? 0.995 : 0.35)) return [];
      if ((name === 'last' || name === 'before') && random.chance(0.7)) return [];
      const value = valueFor(type, name, random, this.#corpus);
      if (random.chance(0.5)) return [`${name}: ${literalOf(value, type)}`];
      const variable = random.chance(0.03) ? random.pick(NAMES) : `v${this.#variables.length}`;
      const isNew = !this.#variables.some((known) => known.name === variable);
      if (isNew) this.#variables.push({ declaration: `$${variable}: ${String(type)}`, name: variable, value });
      return [`${name}: $${variable}`];
    });
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  #directives(): string {
    const random = this.#random;
    if (!random.chance(0.06)) return '';
    return ` ${random.pick(random.chance(0.95) ? GOOD_DIRECTIVES : ['@deprecated', '@nothing', '@include'])}`;
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    const random = this.#random;
    const parts: string[] = random.chance(0.3) ? ['__typename'] : [];
    if (isAbstractType(type)) {
      const possible = this.#schema.getPossibleTypes(type).filter(({ name }) => random.chance(name.endsWith('Payload') ? 0.9 : 0.25));
      for (const one of possible) parts.push(`... on ${one.name}${this.#directives()} ${this.#selection(one, depth)}`);
      if (parts.length === 0) parts.push('__typename');
    } else if (isObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => depth < MAX_DEPTH || isLeafType(getNamedType(field.type)));
      const count = fields.length === 0 ? 0 : 1 + random.below(Math.min(4, fields.length));
      for (let at = 0; at < count && this.#fields < 60; at += 1) parts.push(this.#field(random.pick(fields), depth));
      if (parts.length === 0) parts.push('__typename');
      if (random.chance(0.04)) return this.#asFragment(type, parts);
    }
    return `{ ${parts.join(' ')} }`;
  }

  #asFragment(type: GraphQLObjectType, parts: readonly string[]): string {
    const name = `F${this.#fragments.length}`;
    const own = this.#random.chance(0.05) ? ` ...${name}` : '';
    this.#fragments.push(`fragment ${name} on ${type.name} { ${parts.join(' ')}${own} }`);
    return `{ ...${name} }`;
  }

  /** Damages a document in ways that no tool would write. */
  #spoil(query: string): string {
    const random = this.#random;
    const at = random.below(query.length);
    const to = Math.min(query.length, at + 1 + random.below(20));
    switch (random.below(5)) {
      case 0:
        return query.slice(0, at) + query.slice(to);
      case 1:
        return query.slice(0, to) + query.slice(at);
      case 2:
        return (
          query.slice(0, at) +
          random.pick(['{', '}', '(', '"', '"""', '$', '@', '...', '#', '\0', '\ufeff', '\ud800', '!', '&', '|']) +
          query.slice(at)
        );
      case 3:
        return `${query}\n${query}`;
      default:
        return query.slice(0, at);
    }
  }
}
