/**
 * Finds how a statement names its tenant: follows each table's tenant_id through its conditions to a parameter, a
 * list, or nothing.
 */

/**
 * `one`: every table by a parameter. `list`: some by a list of tenants. `none`: some table by nothing. `no table`:
 * there is no table.
 */
export type Naming = 'one' | 'list' | 'none' | 'no table';

type Item = string | Group;

/** The tokens between two parentheses, or the whole statement. */
interface Group {
  items: Item[];
  parent: Group | null;
  /** The tables, queries and lists that its conditions may name, by alias. */
  readonly sources: Map<string, Source>;
}

/** A table, a named query or a list. Sources of the same tenant have the same root. */
interface Source {
  readonly table: string | null;
  same: Source | null;
}

const source = (table: string | null = null): Source => ({ table, same: null });
const isGroup = (item: Item | undefined): item is Group => typeof item === 'object';

const ENDS_FROM = /^(?:where|set|on|order|group|limit|returning|union|values|select|having|for|offset|window|using)$/;
const NO_ALIAS =
  /^(?:where|set|on|order|group|limit|returning|union|values|select|having|for|offset|window|using|join|left|right|full|inner|cross|lateral|with|default|as|from|do|overriding)$/;

class Reading {
  readonly #tables: ReadonlySet<string>;
  readonly #found: Source[] = [];
  readonly #read = new Set<Group>();
  readonly #named = source();
  readonly #list = source();
  /** Queries by name, in the whole statement: no name is used twice in one statement. */
  readonly #queries = new Map<string, Source>();

  constructor(tables: ReadonlySet<string>) {
    this.#tables = tables;
  }

  naming(sql: string): Naming {
    const whole = groupsOf(sql);
    this.#queriesIn(whole);
    this.#sourcesIn(whole);
    this.#conditionsIn(whole);
    const roots = new Set(this.#found.map(rootOf));
    if (roots.size === 0) return 'no table';
    const isNamed = (root: Source) => root === rootOf(this.#named);
    if ([...roots].every(isNamed)) return 'one';
    return [...roots].every((root) => isNamed(root) || root === rootOf(this.#list)) ? 'list' : 'none';
  }

  /** WITH name AS (query): the name is known before it is used. */
  #queriesIn(group: Group): void {
    group.items.forEach((item, index) => {
      if (!isGroup(item)) return;
      const name = queryName(group.items, index);
      if (name !== null) this.#queries.set(name, source());
      this.#queriesIn(item);
    });
  }

  #sourcesIn(group: Group): void {
    if (this.#read.has(group)) return;
    this.#read.add(group);
    let isFrom = false;
    const { items } = group;
    for (let at = 0; at < items.length; at += 1) {
      const item = items[at];
      if (isGroup(item)) {
        this.#sourcesIn(item);
        const query = this.#queries.get(queryName(items, at) ?? '');
        if (query) this.#tieAll(query, item);
        continue;
      }
      const last = items[at - 1];
      const opens =
        (item === 'from' && last !== 'distinct') || item === 'join' || item === 'into' || (item === 'using' && !isGroup(items[at + 1]));
      const updates = item === 'update' && !(last === 'for' || last === 'key' || last === 'do');
      if (opens || updates || (isFrom && item === ',')) {
        isFrom = item !== 'into' && !updates;
        this.#sourceAt(group, at + 1);
      } else if (item !== undefined && ENDS_FROM.test(item)) isFrom = false;
    }
  }

  #sourceAt(group: Group, start: number): void {
    const { items } = group;
    let at = start;
    while (items[at] === 'only' || items[at] === 'lateral') at += 1;
    const item = items[at];
    if (item === undefined || items[at + 1] === '.') return;
    const next = items[at + 1];
    const called = !isGroup(item) && isGroup(next) && items[start - 1] !== 'into' ? next : null;
    at += called ? 2 : 1;
    if (items[at] === 'with' && items[at + 1] === 'ordinality') at += 2;
    if (items[at] === 'as') at += 1;
    const follows = items[at];
    const alias = typeof follows === 'string' && /^\w/.test(follows) && !NO_ALIAS.test(follows) ? follows : isGroup(item) ? null : item;
    const made = this.#make(group, item, called);
    if (alias !== null) group.sources.set(alias, made);
  }

  #make(group: Group, item: Item, called: Group | null): Source {
    if (isGroup(item)) {
      const query = source();
      if (!isQuery(item)) this.#sourceAt(item, 0);
      this.#sourcesIn(item);
      this.#tieAll(query, item);
      // Tables that are joined in parentheses can also be named outside them.
      if (!isQuery(item)) for (const [alias, inner] of item.sources) group.sources.set(alias, inner);
      return query;
    }
    if (called) {
      const call = source();
      // A set made of parameters: its tenant column, whatever its name, is one of a list.
      if (textOf(called).includes('$')) tie(call, this.#list);
      return call;
    }
    if (this.#tables.has(item)) {
      const table = source(item);
      this.#found.push(table);
      return table;
    }
    // `given` is the input of a part of the ledger's batch.
    if (item === 'given') return this.#list;
    return this.#queries.get(item) ?? source();
  }

  /** The result of a query belongs to the tenant of the tables it reads. */
  #tieAll(query: Source, group: Group): void {
    for (const inner of group.sources.values()) tie(query, inner);
    const isGiven = group.items.some((item, at) => item === '$' && group.items[at + 1] === 'as' && group.items[at + 2] === 'tenant_id');
    if (isGiven) tie(query, this.#named);
    for (const item of group.items) if (isGroup(item) && isQuery(item)) this.#tieAll(query, item);
  }

  #conditionsIn(group: Group): void {
    const { items } = group;
    for (const [at, item] of items.entries()) {
      const next = items[at + 1];
      if (isGroup(item)) this.#conditionsIn(item);
      else if (item === '=' && isSure(items, at)) this.#pair(group, leftOf(items, at), rightOf(items, at));
      else if (item === 'in' && isGroup(next) && isSure(items, at)) this.#pair(group, leftOf(items, at), [next]);
      else if (item === 'using' && isGroup(next) && textOf(next).includes('tenant_id')) tieTogether([...group.sources.values()]);
      else if (item === 'into') this.#insert(group, at + 1);
    }
  }

  #pair(group: Group, left: readonly Item[], right: readonly Item[]): void {
    const [leftRow, rightRow] = [rowOf(left), rowOf(right)];
    const [first = []] = leftRow;
    if (leftRow.length > 1 && leftRow.length === rightRow.length) {
      for (const [index, one] of leftRow.entries()) this.#pair(group, one, rightRow[index] ?? []);
    } else if (leftRow.length > 1 && isGroup(right[0])) this.#pair(group, first, right);
    else this.#equal(group, left, right);
  }

  #equal(group: Group, left: readonly Item[], right: readonly Item[]): void {
    const [one, other] = [this.#tenantOf(group, left), this.#tenantOf(group, right)];
    if (one && other) tie(one, other);
    else if (one) this.#tieTo(group, one, right);
    else if (other) this.#tieTo(group, other, left);
  }

  /** The table or list whose tenant these tokens name. */
  #tenantOf(group: Group, words: readonly Item[]): Source | null {
    const [first, dot, column] = words;
    if (words.length === 3 && dot === '.' && typeof first === 'string' && typeof column === 'string') {
      // The alias is a parameter of the function. Whichever it is, all tables here have the same condition.
      if (first === '$' && column === 'tenant_id') {
        const tables = [...group.sources.values()].filter(({ table }) => table !== null && table !== 'tenant');
        tieTogether(tables);
        return tables[0] ?? null;
      }
      const found = this.#lookUp(group, first);
      const isTenant = /tenant/i.test(column) || (column === 'id' && (found?.table === 'tenant' || found?.table === null));
      return found && isTenant ? found : null;
    }
    if (words.length !== 1 || typeof first !== 'string') return null;
    for (let at: Group | null = group; at; at = at.parent) {
      const sources = [...at.sources.values()];
      const tables = sources.filter(({ table }) => table !== null && (table === 'tenant') === (first === 'id'));
      const found = tables[0] ?? (first === 'tenant_id' ? sources.find(({ table }) => table === null) : undefined);
      if (found && (first === 'id' || first === 'tenant_id')) return found;
    }
    return null;
  }

  #lookUp(group: Group, alias: string): Source | undefined {
    for (let at: Group | null = group; at; at = at.parent) {
      const found = at.sources.get(alias);
      if (found) return found;
    }
    return this.#queries.get(alias);
  }

  #tieTo(group: Group, table: Source, words: readonly Item[]): void {
    const [first, second] = words;
    if (words.length === 1 && (first === '$' || first === "''")) tie(table, this.#named);
    const inside = first === 'any' && isGroup(second) ? second : words.length === 1 && isGroup(first) ? first : null;
    if (!inside) return;
    if (isQuery(inside)) this.#tieAllSources(table, inside);
    else if (textOf(inside).includes('$')) tie(table, this.#list);
    else {
      const other = this.#tenantOf(group, split(inside.items)[0] ?? []);
      if (other) tie(table, other);
    }
  }

  #tieAllSources(table: Source, query: Group): void {
    for (const inner of query.sources.values()) tie(table, inner);
  }

  /** INSERT INTO table (columns) VALUES (…) or SELECT …: finds the value in the position of tenant_id. */
  #insert(group: Group, start: number): void {
    const { items } = group;
    const columns = items.slice(start).find(isGroup);
    const table = [...group.sources.values()].find((one) => one.table === items[start]);
    if (!columns || !table) return;
    const place = rowOf([columns]).findIndex(([name]) => name === (table.table === 'tenant' ? 'id' : 'tenant_id'));
    const after = items.slice(items.indexOf(columns) + 1);
    const values = after[after.indexOf('values') + 1];
    const select = after.indexOf('select');
    const selected = select < 0 ? [] : split(until(after.slice(select + 1), 'from'));
    const row = after.includes('values') && isGroup(values) ? rowOf([values]) : selected;
    const word = row[place];
    if (!word) return;
    const other = this.#tenantOf(group, word) ?? (word.length === 1 ? this.#only(group, table) : null);
    if (word.length === 1 && typeof word[0] === 'string' && word[0].startsWith('$')) tie(table, this.#named);
    else if (other && other !== table) tie(table, other);
    else if (other) tie(table, this.#only(group, table) ?? table);
  }

  /** The source that a SELECT reads, other than the table that is written. */
  #only(group: Group, table: Source): Source | null {
    return [...group.sources.values()].find((one) => one !== table) ?? null;
  }
}

export function namingOf(sql: string, tables: ReadonlySet<string>): Naming {
  return new Reading(tables).naming(sql);
}

function rootOf(one: Source): Source {
  let root = one;
  while (root.same) root = root.same;
  return root;
}

function tie(one: Source, other: Source): void {
  const [a, b] = [rootOf(one), rootOf(other)];
  if (a !== b) a.same = b;
}

function tieTogether(all: readonly Source[]): void {
  const [first] = all;
  if (first) for (const one of all) tie(one, first);
}

const isQuery = (group: Group) => /^(?:select|with|insert|update|delete)$/.test(String(group.items[0])) || isGroup(group.items[0]);

/** The name in `name (columns) AS MATERIALIZED (query)` whose query is at this position. */
function queryName(items: readonly Item[], at: number): string | null {
  const item = items[at];
  if (!isGroup(item) || !isQuery(item)) return null;
  let last = at - 1;
  if (items[last] === 'materialized') last -= 1;
  if (items[last] === 'not') last -= 1;
  if (items[last] !== 'as') return null;
  if (isGroup(items[last - 1])) last -= 1;
  const name = items[last - 1];
  return typeof name === 'string' ? name : null;
}

const CLAUSE =
  /^(?:where|on|set|select|when|then|else|end|having|returning|group|order|limit|offset|for|join|left|right|full|inner|cross|union|values|from|window|by)$/;

/** Whether a condition applies to every row: it is in WHERE or ON, or alone in parentheses, and not joined by OR. */
function isSure(items: readonly Item[], at: number): boolean {
  const isClause = (item: Item) => typeof item === 'string' && CLAUSE.test(item);
  const start = items.slice(0, at).findLastIndex(isClause);
  const length = items.slice(at).findIndex(isClause);
  const clause = items.slice(start + 1, length < 0 ? undefined : at + length);
  const opens = items[start];
  return (
    (start < 0 || opens === 'where' || opens === 'on') && !clause.includes('or') && !(items[at - 4] === 'not' || items[at - 2] === 'not')
  );
}

function leftOf(items: readonly Item[], at: number): readonly Item[] {
  return items[at - 2] === '.' ? items.slice(at - 3, at) : items.slice(at - 1, at);
}

function rightOf(items: readonly Item[], at: number): readonly Item[] {
  if (items[at + 1] === 'any') return items.slice(at + 1, at + 3);
  return items[at + 2] === '.' ? items.slice(at + 1, at + 4) : items.slice(at + 1, at + 2);
}

/** The values of a row in parentheses, one by one; anything else is a row of one value. */
function rowOf(words: readonly Item[]): readonly (readonly Item[])[] {
  const [only] = words;
  return words.length === 1 && isGroup(only) && !isQuery(only) ? split(only.items) : [words];
}

function split(items: readonly Item[]): readonly (readonly Item[])[] {
  const parts: Item[][] = [[]];
  for (const item of items) item === ',' ? parts.push([]) : parts.at(-1)?.push(item);
  return parts;
}

function until(items: readonly Item[], word: string): readonly Item[] {
  const end = items.indexOf(word);
  return end < 0 ? items : items.slice(0, end);
}

function textOf(group: Group): string {
  return group.items.map((item) => (isGroup(item) ? `(${textOf(item)})` : item)).join(' ');
}

/** Removes comments, casts and string contents; a parameter becomes `$`. */
function groupsOf(sql: string): Group {
  const bare = sql
    .replaceAll(/--.*$/gm, ' ')
    .replaceAll(/'\s*\$p\s*'/g, ' $p ')
    .replaceAll(/'(?:[^']|'')*'/g, " '' ")
    .replaceAll(/::\s*[a-z_]+(?:\(\d+\))?(?:\[\])*/g, ' ')
    .replaceAll('"public".', '');
  const whole: Group = { items: [], parent: null, sources: new Map() };
  let group = whole;
  for (const [word] of bare.matchAll(/\$\w+|"[^"]+"|\w+|''|[<>!=|]+|[^\s\w]/g)) {
    if (word === '(') {
      const inner: Group = { items: [], parent: group, sources: new Map() };
      group.items.push(inner);
      group = inner;
    } else if (word === ')') group = group.parent ?? group;
    else group.items.push(word.startsWith('"') ? word.slice(1, -1) : word.startsWith('$') ? '$' : word.toLowerCase());
  }
  partUnions(whole);
  return whole;
}

/** Each part of a UNION has its own tables, as if it were in parentheses. */
function partUnions(group: Group): void {
  for (const item of group.items) if (isGroup(item)) partUnions(item);
  const isUnion = (item: Item) => item === 'union' || item === 'except' || item === 'intersect';
  if (!group.items.some(isUnion)) return;
  const parts: Group[] = [];
  for (const item of [')', ...group.items]) {
    if (item === ')' || isUnion(item)) parts.push({ items: [], parent: group, sources: new Map() });
    else if (item !== 'all' || parts.at(-1)?.items.length !== 0) parts.at(-1)?.items.push(item);
  }
  for (const part of parts) for (const item of part.items) if (isGroup(item)) item.parent = part;
  group.items = parts;
}
