/** Parses, limits, validates and caches GraphQL documents. */

import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { MaxTokensParserWLexer } from '@escape.tech/graphql-armor-max-tokens';
import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  NoFragmentCyclesRule,
  type OperationDefinitionNode,
  type SelectionSetNode,
  specifiedRules,
  type ValidationContext,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { LimitExceeded } from '../../kernel/errors.ts';
import type { Limits } from '../limits.ts';
import { type CostOptions, createCostCheck } from './document-cost.ts';
import { literalsOfCorrectType } from './input-problems.ts';
import { Rejection } from './rejection.ts';

/** One operation of a document that passed the limits and the validation. The same object for the same text, while it is cached. */
export interface Operation {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly name: string | undefined;
  /** The fields selected at the root, through fragments too. */
  readonly rootFields: ReadonlySet<string>;
}

/** The document is valid except for literal values of a wrong type. */
export class WrongValues extends Rejection {
  /** The root fields of all its operations. */
  readonly rootFields: ReadonlySet<string>;

  constructor(errors: readonly GraphQLFormattedError[], rootFields: ReadonlySet<string>) {
    super(errors);
    this.rootFields = rootFields;
  }
}

export interface Documents {
  /** Uses the cache where possible. */
  prepare(text: string, operationName: string | undefined): Operation | Rejection;
}

interface Parsed {
  readonly document: DocumentNode;
  readonly operations: Map<string | undefined, Operation>;
}

type DocumentLimits = Pick<
  Limits,
  'bodyBytes' | 'documentTokens' | 'documentDepth' | 'documentAliases' | 'documentDirectives' | 'cachedDocumentTokens'
> &
  CostOptions;

const MAX_VALIDATION_ERRORS = 20;
/** The weight of a rejected document in the cache, which keeps only its errors. */
const REJECTED_TOKENS = 20;
const CHARACTERS_PER_TOKEN = 20;

export function createDocuments(schema: GraphQLSchema, limits: DocumentLimits): Documents {
  const cache = new LRUCache<string, Parsed | Rejection>({ maxSize: limits.cachedDocumentTokens });
  const excessOf = createCostCheck(schema, limits);

  function read(text: string): Parsed | Rejection {
    const known = cache.get(text);
    if (known !== undefined) return known;
    const { outcome, tokens } = check(schema, limits, excessOf, text);
    cache.set(text, outcome, { size: 1 + tokens + Math.ceil(text.length / CHARACTERS_PER_TOKEN) });
    return outcome;
  }

  return {
    prepare(text, operationName) {
      const parsed = read(text);
      if (parsed instanceof Rejection) return parsed;
      return parsed.operations.get(operationName) ?? select(parsed, operationName);
    },
  };
}

function select(parsed: Parsed, name: string | undefined): Operation | Rejection {
  const definition = getOperationAST(parsed.document, name);
  if (!definition) {
    const message = name === undefined ? 'Name the operation to execute.' : `There is no operation "${name.slice(0, 100)}".`;
    return new Rejection([{ message, extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }]);
  }
  const operation: Operation = {
    document: parsed.document,
    definition,
    kind: definition.operation,
    name: definition.name?.value,
    rootFields: rootFieldsOf(parsed.document, [definition.selectionSet]),
  };
  parsed.operations.set(name, operation);
  return operation;
}

/** Cheapest checks first: size, tokens while parsing, depth, aliases, directives and cost. The validation rules of GraphQL come last. */
function check(
  schema: GraphQLSchema,
  limits: DocumentLimits,
  excessOf: (document: DocumentNode) => string | null,
  text: string,
): { outcome: Parsed | Rejection; tokens: number } {
  const rejected = (rejection: Rejection) => ({ outcome: rejection, tokens: REJECTED_TOKENS });
  try {
    if (text.length > limits.bodyBytes) throw exceeded(`The document may have ${limits.bodyBytes} characters: pass values as variables.`);
    const parser = new MaxTokensParserWLexer(text, { n: limits.documentTokens, onReject: [asLimit] });
    const document = parse(parser);
    validate(schema, document, [
      maxDepthRule({ n: limits.documentDepth, flattenFragments: true, onReject: [asLimit] }),
      maxAliasesRule({ n: limits.documentAliases, allowList: [], onReject: [asLimit] }),
      maxDirectivesRule({ n: limits.documentDirectives, onReject: [asLimit] }),
    ]);
    // Later checks follow fragments, which must not be cyclic.
    const circles = validate(schema, document, [NoFragmentCyclesRule], { maxErrors: MAX_VALIDATION_ERRORS });
    if (circles.length > 0) throw new Rejection(circles.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')));
    const excess = excessOf(document);
    if (excess !== null) throw exceeded(excess);
    const rejection = problemsOf(schema, document);
    if (rejection) return rejected(rejection);
    return { outcome: { document, operations: new Map() }, tokens: parser.tokenCount };
  } catch (error) {
    if (error instanceof Rejection) return rejected(error);
    // Validation rules of GraphQL throw where the variable of a condition is missing.
    if (error instanceof GraphQLError) return rejected(new Rejection([coded(error, 'GRAPHQL_VALIDATION_FAILED')]));
    throw error;
  }
}

function parse(parser: MaxTokensParserWLexer): DocumentNode {
  try {
    return parser.parseDocument();
  } catch (error) {
    if (error instanceof GraphQLError && !(error instanceof Rejection)) throw new Rejection([coded(error, 'GRAPHQL_PARSE_FAILED')]);
    throw error;
  }
}

function problemsOf(schema: GraphQLSchema, document: DocumentNode): Rejection | null {
  const values: GraphQLFormattedError[] = [];
  const literals = literalsOfCorrectType((problem) => {
    if (values.length < MAX_VALIDATION_ERRORS) values.push(problem);
  });
  const rules: ValidationRule[] = specifiedRules.map((rule) => (rule === ValuesOfCorrectTypeRule ? literals : rule));
  // This rule runs first and alone: GraphQL's own rule for subscriptions throws at a condition with an unknown variable.
  const conditional = validate(schema, document, [subscriptionsSelectAlways], { maxErrors: MAX_VALIDATION_ERRORS });
  if (conditional.length > 0) return new Rejection(conditional.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')));
  const errors = validate(schema, document, rules, { maxErrors: MAX_VALIDATION_ERRORS });
  if (errors.length > 0) return new Rejection([...errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')), ...values]);
  if (values.length === 0) return null;
  const roots = document.definitions.flatMap((node) => (node.kind === 'OperationDefinition' ? [node.selectionSet] : []));
  return new WrongValues(values, rootFieldsOf(document, roots));
}

/**
 * The root fields of a subscription must not depend on a condition. graphql-js 16 allows that, as GraphQL's specification once
 * did, but throws when no field is left.
 */
function subscriptionsSelectAlways(context: ValidationContext): ASTVisitor {
  const seen = new Set<string>();
  function visit({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      const condition = selection.directives?.find(({ name }) => name.value === 'skip' || name.value === 'include');
      if (condition) {
        const message = `The root fields of a subscription must not have @${condition.name.value}.`;
        context.reportError(new GraphQLError(message, { nodes: condition }));
      }
      if (selection.kind === 'InlineFragment') visit(selection.selectionSet);
      if (selection.kind !== 'FragmentSpread' || seen.has(selection.name.value)) continue;
      seen.add(selection.name.value);
      const fragment = context.getFragment(selection.name.value);
      if (fragment) visit(fragment.selectionSet);
    }
  }
  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation === 'subscription') visit(selectionSet);
    },
  };
}

function coded({ message, locations }: GraphQLError, code: string): GraphQLFormattedError {
  return { message, ...(locations && { locations }), extensions: { code } };
}

/** The armor rules call this before they throw their own error, which carries no code. */
function asLimit(_context: unknown, error: GraphQLError): never {
  throw exceeded(error.message.replace('Syntax Error: ', ''));
}

function exceeded(message: string): Rejection {
  return Rejection.of(new LimitExceeded(message));
}

function rootFieldsOf(document: DocumentNode, roots: readonly SelectionSetNode[]): Set<string> {
  const fields = new Set<string>();
  const seen = new Set<string>();
  const pending = [...roots];
  for (let set = pending.pop(); set; set = pending.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === 'Field') fields.add(selection.name.value);
      else if (selection.kind === 'InlineFragment') pending.push(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const name = selection.name.value;
        for (const definition of document.definitions) {
          if (definition.kind === 'FragmentDefinition' && definition.name.value === name) pending.push(definition.selectionSet);
        }
      }
    }
  }
  return fields;
}
