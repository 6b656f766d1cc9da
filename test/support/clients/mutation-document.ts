import { type GraphQLObjectType, getNamedType, isLeafType, isObjectType, isUnionType } from 'graphql';
import { schema } from '../../../schema/index.ts';

/** What is selected below a payload's or an error's field of this name; a field that is not listed is not asked for. */
export type Selections = Readonly<Record<string, string>>;

const OF_ERRORS: readonly string[] = ['fields', 'cause'];

const written = new Map<string, string>();

/**
 * The document of one mutation as `done`, with its input as `$input`: of each type that can be its answer, what the caller looks
 * at. So a mutation that answers what others do needs no words of its own.
 */
export function mutationDocument(name: string, selections: Selections): string {
  const key = `${name} ${JSON.stringify(selections)}`;
  const known = written.get(key) ?? write(name, selections);
  written.set(key, known);
  return known;
}

function write(name: string, selections: Selections): string {
  const field = schema.getMutationType()?.getFields()[name];
  const input = field?.args.find((argument) => argument.name === 'input');
  if (!field || !input) throw new Error(`there is no mutation ${name} with an input`);
  return `mutation ($input: ${input.type}) { done: ${name}(input: $input) { ${answerOf(getNamedType(field.type), selections)} } }`;
}

/** Each type of a result, or of what a list of results holds. */
function answerOf(type: unknown, selections: Selections): string {
  const members = isUnionType(type) ? type.getTypes() : isObjectType(type) ? [type] : [];
  return ['__typename', ...members.map((member) => `... on ${member.name} { ${below(member, selections)} }`)].join(' ');
}

function below(type: GraphQLObjectType, selections: Selections): string {
  const isError = type.getInterfaces().some(({ name }) => name === 'Error');
  const fields = Object.values(type.getFields())
    .filter(({ name }) => name in selections)
    // An error's panel may be another's, and null: one document cannot ask for it beside a payload's, which is not.
    .filter(({ name, type }) => !isError || isLeafType(getNamedType(type)) || OF_ERRORS.includes(name));
  const asked = fields.map((field) => {
    const named = getNamedType(field.type);
    return `${field.name} ${isUnionType(named) ? `{ ${answerOf(named, selections)} }` : (selections[field.name] ?? '')}`;
  });
  return ['__typename', ...asked].join(' ');
}
