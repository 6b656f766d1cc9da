/** Reports input values of a wrong type, each by its path from the root of the arguments, for example `input.amount`. */

import {
  type ASTNode,
  type ASTVisitor,
  BREAK,
  coerceInputValue,
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type ValidationContext,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
  visit,
} from 'graphql';

const MAX_PROBLEMS = 20;
/** graphql-js reports a missing or unknown field at the object that should, or should not, have it. */
const FIELD_OF_OBJECT = /^Field "(?:\w+\.)?(\w+)" (?:of required type|is not defined)/;
/** Messages do not repeat a wrong value of such a field. */
const SECRET_PATH = /password|token|otp/i;

function inputProblem(path: string, message: string): GraphQLFormattedError {
  const field = FIELD_OF_OBJECT.exec(message)?.[1];
  const named = field === undefined ? path : `${path}.${field}`;
  const said = SECRET_PATH.test(named) ? 'This value does not have the right type.' : message;
  return { message: `${named}: ${said}`, extensions: { code: 'BAD_USER_INPUT', path: named } };
}

/** Why the variables do not coerce. Called only after an executor refused them, so that a valid request pays nothing. */
export function variableProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): GraphQLFormattedError[] {
  const problems: GraphQLFormattedError[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    const isGiven = Object.hasOwn(variables, name);
    if (!isInputType(type) || (!isGiven && (definition.defaultValue || !isNonNullType(type)))) continue;
    const firstUse = firstUseOf(document, name);
    if (!isGiven) {
      problems.push(inputProblem(firstUse, `Variable "$${name}" of required type "${type}" was not provided.`));
      continue;
    }
    coerceInputValue(variables[name], type, (path, _value, error) => {
      if (problems.length < MAX_PROBLEMS) problems.push(inputProblem([firstUse, ...path].join('.'), error.message));
    });
  }
  return problems;
}

/** The first place where a variable is used, as a path of arguments; its name if it is used nowhere. */
function firstUseOf(document: DocumentNode, variable: string): string {
  let firstUse = variable;
  visit(document, {
    VariableDefinition: { enter: () => false },
    Variable: {
      enter(node, _key, parent, path, ancestors) {
        if (node.name.value !== variable) return;
        firstUse = argumentPath(node, parent, path, ancestors);
        return BREAK;
      },
    },
  });
  return firstUse;
}

type Step = ASTNode | readonly ASTNode[];

/** `ancestors` ends above `parent`, as in graphql-js' visitors; keys[i] leads from the i-th step to the next. */
function argumentPath(node: ASTNode, parent: Step | undefined, keys: readonly (string | number)[], ancestors: readonly Step[]): string {
  const names: (string | number)[] = [];
  const chain: Step[] = parent ? [...ancestors, parent, node] : [node];
  for (const [depth, step] of chain.entries()) {
    if ('kind' in step) {
      if (step.kind === 'Argument' || step.kind === 'ObjectField') names.push(step.name.value);
      continue;
    }
    const owner = chain[depth - 1];
    const index = keys[depth];
    if (owner && 'kind' in owner && owner.kind === 'ListValue' && index !== undefined) names.push(index);
  }
  return names.join('.');
}

/** The rule of graphql-js for literal values, reporting to `report` with the path of the argument instead of to the context. */
export function literalsOfCorrectType(report: (problem: GraphQLFormattedError) => void): ValidationRule {
  return (context: ValidationContext): ASTVisitor => {
    let path = '';
    const reporting: ValidationContext = Object.create(context, {
      reportError: {
        value: (error: { message: string; locations?: GraphQLFormattedError['locations'] }) => {
          const { message, extensions } = inputProblem(path, error.message);
          report({ message, ...(error.locations && { locations: error.locations }), ...(extensions && { extensions }) });
        },
      },
    });
    const visitor = ValuesOfCorrectTypeRule(reporting);
    const located: Record<string, unknown> = {};
    for (const [kind, enter] of Object.entries(visitor)) {
      located[kind] = (node: ASTNode, key: unknown, parent: Step | undefined, keys: (string | number)[], ancestors: Step[]) => {
        path = argumentPath(node, parent, keys, ancestors);
        // An error at a field says that its object has no such field. The message already names the field.
        if (kind === 'ObjectField') path = path.slice(0, path.lastIndexOf('.'));
        return enter(node, key, parent, keys, ancestors);
      };
    }
    return located;
  };
}
