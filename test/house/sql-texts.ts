/** Extracts the SQL from the source: each statement whole, with its templates filled in, and parameters as `$p`. */

import { parseSync } from 'vite';
import { filesBelow, textOf } from './tree.ts';

export interface SqlText {
  /** `path: name of the constant or function around it`. */
  readonly where: string;
  readonly sql: string;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

/** Texts by name: the value of a constant, or of a function with one expression. */
type Names = Map<string, Node>;
/** The arguments of a function call, by parameter name. */
type Given = ReadonlyMap<string, string>;
const NOTHING: Given = new Map();

interface File {
  readonly path: string;
  readonly program: Node;
  readonly names: Names;
}

/** The beginning of a statement or of a part of one. A SELECT without a table belongs to no tenant. */
const STATEMENT = /^\s*(?:WITH\b|SELECT\b|INSERT INTO\b|UPDATE\b|DELETE FROM\b|DECLARE\b|COPY\b|[\w$ ]+ AS (?:MATERIALIZED )?\()/;
const DEEPEST = 12;

/** Every statement below these folders. */
export function sqlTexts(folders: readonly string[]): readonly SqlText[] {
  const files = filesBelow(folders, ['.ts']).map(readFile);
  const everywhere: Names = new Map(files.flatMap(({ names }) => [...names]));
  const used = new Set<Node>();
  const texts = files.flatMap((file) => statementsOf(file, everywhere, used));
  // A part that another text contains is read there, where its names have a meaning.
  return texts.filter(({ of }) => of === undefined || !used.has(of)).map(({ where, sql }) => ({ where, sql }));
}

function readFile(path: string): File {
  const program: unknown = parseSync(path, textOf(path)).program;
  if (!isNode(program)) throw new Error(`${path} cannot be parsed`);
  const names: Names = new Map();
  visit(program, (node) => {
    if (node.type !== 'VariableDeclarator' && node.type !== 'FunctionDeclaration') return;
    const { id, init } = node as { id?: unknown; init?: unknown };
    const name = isNode(id) && id.type === 'Identifier' ? String(id.name) : null;
    const value = isNode(init) ? init : node.type === 'FunctionDeclaration' ? node : null;
    if (name !== null && value !== null && /`|'/.test(textOf(path)) && textsIn(value).length > 0) names.set(name, value);
  });
  return { path, program, names };
}

function visit(node: Node, look: (node: Node) => void): void {
  look(node);
  for (const child of childrenOf(node)) visit(child, look);
}

/** The templates and strings directly in an expression, or in the result of a function. */
function textsIn(node: Node): readonly Node[] {
  switch (node.type) {
    case 'TemplateLiteral':
      return [node];
    case 'Literal':
      return typeof node.value === 'string' ? [node] : [];
    case 'TaggedTemplateExpression':
      return isNode(node.quasi) ? [node.quasi] : [];
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return isNode(node.body) ? (node.body.type === 'BlockStatement' ? returned(node.body) : textsIn(node.body)) : [];
    case 'CallExpression':
      // An expression inside a function of ours, such as list(`coalesce(…)`).
      return childrenOf(node).filter((argument) => argument.type === 'TemplateLiteral' && rawOf(argument).includes('::'));
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].filter(isNode).flatMap(textsIn);
    case 'LogicalExpression':
    case 'BinaryExpression':
      return [node.left, node.right].filter(isNode).flatMap(textsIn);
    case 'ObjectExpression':
    case 'ArrayExpression':
    case 'Property':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return childrenOf(node)
        .filter((child) => child !== node.key)
        .flatMap(textsIn);
    default:
      return [];
  }
}

function returned(body: Node): readonly Node[] {
  const found: Node[] = [];
  for (const statement of childrenOf(body)) {
    if (statement.type === 'ReturnStatement' && isNode(statement.argument)) found.push(...textsIn(statement.argument));
    else if (/^(?:If|Block|Switch)/.test(statement.type)) found.push(...returned(statement));
  }
  return found;
}

function statementsOf(file: File, everywhere: Names, used: Set<Node>): readonly (SqlText & { readonly of: Node | undefined })[] {
  const found: (SqlText & { of: Node | undefined })[] = [];
  const walk = (node: Node, around: string, constant: string | null): void => {
    if (node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string')) {
      const sql = written(node, file, everywhere, used, 0, NOTHING);
      if (STATEMENT.test(sql)) found.push({ where: `${file.path}: ${around}`, sql, of: file.names.get(constant ?? '') });
      return;
    }
    const { id, key } = node as { id?: unknown; key?: unknown };
    const named = isNode(id) ? id : isNode(key) && node.type === 'MethodDefinition' ? key : null;
    const name = named && 'name' in named ? String(named.name) : null;
    const isOutside = around === '';
    for (const child of childrenOf(node)) walk(child, isOutside ? (name ?? around) : around, name ?? constant);
  };
  walk(file.program, '', null);
  return found;
}

function written(node: Node, file: File, everywhere: Names, used: Set<Node>, depth: number, given: Given): string {
  if (node.type === 'Literal') return String(node.value);
  const quasis = (node.quasis as readonly { value: { cooked: string } }[]).map(({ value }) => value.cooked);
  const holes = (node.expressions as readonly Node[]).map((hole) => filled(hole, file, everywhere, used, depth + 1, given));
  return quasis.map((quasi, index) => quasi + (holes[index] ?? '')).join('');
}

/** The text for a placeholder: another text of ours, or a parameter. */
function filled(hole: Node, file: File, everywhere: Names, used: Set<Node>, depth: number, given: Given): string {
  if (depth > DEEPEST) return ' $p ';
  const branches = hole.type === 'ConditionalExpression' ? [hole.consequent, hole.alternate].filter(isNode) : [];
  if (branches.length > 0) return branches.map((branch) => filled(branch, file, everywhere, used, depth, given)).join(' ');
  const known = hole.type === 'Identifier' ? given.get(String(hole.name)) : undefined;
  if (known !== undefined) return known;
  const texts = textsIn(hole);
  if (texts.length > 0) return ` ${texts.map((text) => written(text, file, everywhere, used, depth, given)).join(' ')} `;
  const { texts: own, parameters } = named(hole, file, everywhere, used);
  if (own.length === 0) return ' $p ';
  const called = Array.isArray(hole.arguments) ? hole.arguments.filter(isNode) : [];
  const bound = new Map(
    parameters.flatMap((name, index) => {
      const text = called[index] ? filled(called[index], file, everywhere, used, depth, given).trim() : '$p';
      return text === '$p' ? [] : [[name, text] as const];
    }),
  );
  return ` ${own.map((text) => written(text, file, everywhere, used, depth, bound)).join(' ')} `;
}

interface Named {
  readonly texts: readonly Node[];
  /** The names of a function's parameters. */
  readonly parameters: readonly string[];
}

function named(hole: Node, { names }: File, everywhere: Names, used: Set<Node>): Named {
  const none = { texts: [], parameters: [] };
  const callee = hole.type === 'CallExpression' || hole.type === 'MemberExpression' ? (hole.callee ?? hole.object) : hole;
  if (!isNode(callee) || callee.type !== 'Identifier') return none;
  const name = String(callee.name);
  // A property of a function's argument is unrelated to a text of that name in another file.
  const isOwn = hole.type === 'MemberExpression' && name !== name.toUpperCase();
  const value = names.get(name) ?? (isOwn ? undefined : everywhere.get(name));
  const texts = value ? textsIn(value) : [];
  const isSql = texts.some((text) => /\b(?:SELECT|FROM|WHERE|AND|JOIN|tenant_id)\b|\w+\.\w+|::/.test(rawOf(text)));
  if (!isSql) return none;
  if (value) used.add(value);
  const parameters = Array.isArray(value?.params)
    ? value.params.filter(isNode).map((each) => ('name' in each ? String(each.name) : ''))
    : [];
  return { texts, parameters };
}

function rawOf(node: Node): string {
  if (node.type === 'Literal') return String(node.value);
  return (node.quasis as readonly { value: { cooked: string } }[]).map(({ value }) => value.cooked).join(' $ ');
}

/** Every text below these folders in pieces, as they stand between the placeholders of its template. */
export function piecesBelow(folders: readonly string[]): readonly string[] {
  const pieces: string[] = [];
  for (const path of filesBelow(folders, ['.ts'])) {
    visit(readFile(path).program, (node) => {
      if (node.type === 'TemplateLiteral') pieces.push(...rawOf(node).split(' $ '));
      else if (node.type === 'Literal' && typeof node.value === 'string') pieces.push(node.value);
    });
  }
  return pieces;
}
