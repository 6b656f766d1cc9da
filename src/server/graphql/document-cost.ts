/** Counts what a document would cost before anything expensive looks at it: fields, overlapping selections, introspection. */

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getIntrospectionQuery,
  parse,
  type SelectionSetNode,
} from 'graphql';

interface DocumentCost {
  /** Fields selected, fragments followed wherever they are spread. */
  fields: number;
  /** Pairs of fields with one response name in one place: the language's rules compare each pair, and what is below it. */
  overlaps: number;
  /** Fields that introspection would answer, lists multiplied by their usual length in this schema. */
  introspected: number;
}

interface CostLimits {
  readonly documentFields: number;
  readonly documentOverlaps: number;
  readonly introspectedFields: number;
}

export interface CostOptions extends Pick<CostLimits, 'documentFields' | 'documentOverlaps'> {
  /** How often an operation may ask for as much as the full introspection query does. */
  readonly introspections: number;
}

const WITHOUT_LIMITS: CostLimits = {
  documentFields: Number.POSITIVE_INFINITY,
  documentOverlaps: Number.POSITIVE_INFINITY,
  introspectedFields: Number.POSITIVE_INFINITY,
};

/** Answers why a document costs too much, in words; null: it does not. */
export function createCostCheck(schema: GraphQLSchema, options: CostOptions): (document: DocumentNode) => string | null {
  const lengths = introspectionLengths(schema);
  const full = costOf(parse(getIntrospectionQuery(FULL_INTROSPECTION)), lengths, WITHOUT_LIMITS);
  const limits: CostLimits = { ...options, introspectedFields: Math.ceil(full.introspected * options.introspections) };
  return (document) => exceeds(costOf(document, lengths, limits), limits);
}

const FULL_INTROSPECTION = {
  descriptions: true,
  directiveIsRepeatable: true,
  inputValueDeprecation: true,
  oneOf: true,
  schemaDescription: true,
  specifiedByUrl: true,
};

/** What is selected below several fields of one name together, and how often introspection would answer it. */
interface Place {
  readonly sets: readonly SelectionSetNode[];
  /** 0: outside of introspection. */
  readonly times: number;
}

const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type']);

/** How many members the lists of introspection have, by field. Of fields, inputFields and the like: on an average type that has any. */
function introspectionLengths(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const types = Object.values(schema.getTypeMap());
  const lengths = { fields: [] as number[], args: [] as number[], inputFields: [] as number[], enumValues: [] as number[] };
  for (const type of types) {
    if ('getValues' in type) lengths.enumValues.push(type.getValues().length);
    if (!('getFields' in type)) continue;
    const fields = Object.values(type.getFields());
    const isInput = type.astNode?.kind === 'InputObjectTypeDefinition' || !('getInterfaces' in type);
    (isInput ? lengths.inputFields : lengths.fields).push(fields.length);
    for (const field of fields) if ('args' in field) lengths.args.push(field.args.length);
  }
  const perType = (all: readonly number[]) => Math.max(1, Math.ceil(sum(all) / types.length));
  return new Map([
    ['types', types.length],
    ['directives', schema.getDirectives().length],
    ['fields', perType(lengths.fields)],
    ['inputFields', perType(lengths.inputFields)],
    ['enumValues', perType(lengths.enumValues)],
    ['possibleTypes', 1],
    ['args', Math.max(1, Math.ceil(sum(lengths.args) / Math.max(1, lengths.args.length)))],
  ]);
}

/**
 * The cost of the operations of a document, counted by merging selections as an execution does. It stops at the first limit that is
 * exceeded, so that counting itself is bounded, also where fragments go round in circles.
 */
function costOf(document: DocumentNode, lengths: ReadonlyMap<string, number>, limits: CostLimits): DocumentCost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const pending: Place[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
    else if (definition.kind === 'OperationDefinition') pending.push({ sets: [definition.selectionSet], times: 0 });
  }
  const cost: DocumentCost = { fields: 0, overlaps: 0, introspected: 0 };
  for (let place = pending.pop(); place && !exceeds(cost, limits); place = pending.pop()) {
    for (const [name, fields] of byResponseName(place.sets, fragments)) {
      cost.fields += fields.length;
      cost.overlaps += (fields.length * (fields.length - 1)) / 2;
      const times = timesOf(name, fields, place.times, lengths);
      cost.introspected += place.times;
      const sets = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (sets.length > 0) pending.push({ sets, times });
    }
  }
  return cost;
}

/** Which limit the cost exceeds, in words; null: none. */
function exceeds(cost: DocumentCost, limits: CostLimits): string | null {
  if (cost.fields > limits.documentFields) return `An operation may select ${limits.documentFields} fields, fragments followed.`;
  if (cost.overlaps > limits.documentOverlaps)
    return `Fields of one name may overlap ${limits.documentOverlaps} times: merge their selections.`;
  if (cost.introspected > limits.introspectedFields) return `Introspection may answer about ${limits.introspectedFields} fields at a time.`;
  return null;
}

function timesOf(name: string, [first]: readonly FieldNode[], times: number, lengths: ReadonlyMap<string, number>): number {
  const field = first?.name.value ?? name;
  if (times === 0) return INTROSPECTION.has(field) ? 1 : 0;
  return times * (lengths.get(field) ?? 1);
}

/** The fields of these selections by the name they are answered under; each fragment once, as collecting fields does. */
function byResponseName(
  sets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const pending = [...sets];
  for (let set = pending.pop(); set; set = pending.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === 'Field') {
        const name = selection.alias?.value ?? selection.name.value;
        const same = fields.get(name);
        if (same) same.push(selection);
        else fields.set(name, [selection]);
      } else if (selection.kind === 'InlineFragment') pending.push(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) pending.push(fragment.selectionSet);
      }
    }
  }
  return fields;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
