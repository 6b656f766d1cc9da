/** Counts what a document would cost, before anything expensive reads it: fields, overlapping selections, introspection. */

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getIntrospectionQuery,
  isAbstractType,
  parse,
  type SelectionSetNode,
} from 'graphql';

interface DocumentCost {
  /** Selected fields. The fields of a fragment count wherever it is spread. */
  fields: number;
  /** Pairs of fields with the same response name in the same selection. Validation compares each pair, and the selections below it. */
  overlaps: number;
  /** Fields that introspection would return. Lists count by their length in this schema, and so do descriptions. */
  introspected: number;
}

interface CostLimits {
  readonly documentFields: number;
  readonly documentOverlaps: number;
  readonly introspectedFields: number;
}

export interface CostOptions extends Pick<CostLimits, 'documentFields' | 'documentOverlaps'> {
  /** How many times the full introspection query one operation may request. */
  readonly introspections: number;
}

const WITHOUT_LIMITS: CostLimits = {
  documentFields: Number.POSITIVE_INFINITY,
  documentOverlaps: Number.POSITIVE_INFINITY,
  introspectedFields: Number.POSITIVE_INFINITY,
};

/** Makes a function that says why a document costs too much, or returns null. */
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

/** The merged selections below all fields with one response name, and how often introspection would return them. */
interface PendingSelection {
  readonly sets: readonly SelectionSetNode[];
  /** 0 outside of introspection. */
  readonly times: number;
  /** Below a list of all types, average lengths count. Below a type that the document chose, for example `mutationType`, the longest counts. */
  readonly isOfAll: boolean;
}

const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type']);
/** Characters of a typical field in an answer, for example `"name":"Account",`. A description counts as one field for each such length. */
const FIELD_CHARACTERS = 16;
/** Fields that lead from the list of all types to the types that they reference. */
const TO_OTHERS: ReadonlySet<string> = new Set(['type', 'ofType', 'possibleTypes', 'interfaces']);

/** The length of a list in introspection, or of a description in fields: on average, and at most. */
interface Length {
  readonly usual: number;
  readonly most: number;
}

type Lengths = ReadonlyMap<string, Length>;

function introspectionLengths(schema: GraphQLSchema): Lengths {
  const types = Object.values(schema.getTypeMap());
  const lengths = { fields: [] as number[], args: [] as number[], inputFields: [] as number[], enumValues: [] as number[] };
  const described: number[] = [];
  const related = { possibleTypes: [] as number[], interfaces: [] as number[] };
  const describe = ({ description }: { readonly description?: string | null | undefined }) => described.push(description?.length ?? 0);
  for (const type of types) {
    describe(type);
    if (isAbstractType(type)) related.possibleTypes.push(schema.getPossibleTypes(type).length);
    if ('getInterfaces' in type) related.interfaces.push(type.getInterfaces().length);
    if ('getValues' in type) {
      lengths.enumValues.push(type.getValues().length);
      type.getValues().forEach(describe);
    }
    if (!('getFields' in type)) continue;
    const fields = Object.values(type.getFields());
    const isInput = type.astNode?.kind === 'InputObjectTypeDefinition' || !('getInterfaces' in type);
    (isInput ? lengths.inputFields : lengths.fields).push(fields.length);
    for (const field of fields) {
      describe(field);
      if (!('args' in field)) continue;
      lengths.args.push(field.args.length);
      field.args.forEach(describe);
    }
  }
  const nonEmpty = described.filter((length) => length > 0);
  const room = (all: readonly number[]) => Math.max(1, sum(all) / Math.max(1, all.length) / FIELD_CHARACTERS);
  const among = (all: readonly number[], count: number): Length => ({
    usual: sum(all) / Math.max(1, count),
    most: Math.max(1, ...all),
  });
  const exactly = (count: number): Length => ({ usual: count, most: count });
  return new Map([
    ['types', exactly(types.length)],
    ['directives', exactly(schema.getDirectives().length)],
    ['fields', among(lengths.fields, types.length)],
    ['inputFields', among(lengths.inputFields, types.length)],
    ['enumValues', among(lengths.enumValues, types.length)],
    ['possibleTypes', among(related.possibleTypes, types.length)],
    ['interfaces', among(related.interfaces, types.length)],
    ['args', among(lengths.args, lengths.args.length)],
    // Tools request nine levels, most of which are null: about half of the types on a level wrap another type.
    ['ofType', { usual: 0.5, most: 1 }],
    ['description', { usual: room(described), most: room(nonEmpty) }],
  ]);
}

/**
 * The cost of the operations of a document, counted by merging selections as an execution does. It stops at the first exceeded
 * limit, so that counting itself is bounded, even if fragments are cyclic.
 */
function costOf(document: DocumentNode, lengths: Lengths, limits: CostLimits): DocumentCost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const pending: PendingSelection[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
    else if (definition.kind === 'OperationDefinition') pending.push({ sets: [definition.selectionSet], times: 0, isOfAll: false });
  }
  const cost: DocumentCost = { fields: 0, overlaps: 0, introspected: 0 };
  for (let selection = pending.pop(); selection && !exceeds(cost, limits); selection = pending.pop()) {
    for (const [name, fields] of byResponseName(selection.sets, fragments)) {
      cost.fields += fields.length;
      cost.overlaps += (fields.length * (fields.length - 1)) / 2;
      const field = fields[0]?.name.value ?? name;
      const room = field === 'description' ? lengths.get(field) : undefined;
      cost.introspected += selection.times * (room === undefined ? 1 : selection.isOfAll ? room.usual : room.most);
      const sets = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (sets.length > 0) pending.push({ sets, ...below(field, selection, lengths) });
    }
  }
  return cost;
}

/** A message about the limit that the cost exceeds, or null. */
function exceeds(cost: DocumentCost, limits: CostLimits): string | null {
  if (cost.fields > limits.documentFields) return `An operation may select ${limits.documentFields} fields, including those in fragments.`;
  if (cost.overlaps > limits.documentOverlaps)
    return `Fields of one name may overlap ${limits.documentOverlaps} times: merge their selections.`;
  if (cost.introspected > limits.introspectedFields) return `Introspection may return about ${limits.introspectedFields} fields at a time.`;
  return null;
}

function below(field: string, { isOfAll, times }: PendingSelection, lengths: Lengths): Omit<PendingSelection, 'sets'> {
  if (times === 0) return { times: INTROSPECTION.has(field) ? 1 : 0, isOfAll: false };
  const length = lengths.get(field) ?? { usual: 1, most: 1 };
  return { times: times * (isOfAll ? length.usual : length.most), isOfAll: field === 'types' || (isOfAll && !TO_OTHERS.has(field)) };
}

/** The fields of these selections by response name. Each fragment is entered once, as in GraphQL's CollectFields. */
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
