/** Runs the fuzzer: plants trees, sends documents and judges the answers. */

import { inspect } from 'node:util';
import type { GraphQLSchema } from 'graphql';
import { DocumentWriter, type Generated } from './documents.ts';
import { type Answered, overForm, overJson, overWebSocket } from './doors.ts';
import { Random } from './random.ts';
import { plantTree, signIn } from './tree.ts';
import { Corpus } from './values.ts';

export interface FuzzOptions {
  readonly schema: GraphQLSchema;
  readonly origin: string;
  readonly platformEmail: string;
  readonly platformPassword: string;
  readonly seed: number;
  /** In milliseconds; it runs longer until `atLeast` documents were sent. */
  readonly forMs: number;
  readonly atLeast: number;
  /** Documents in flight at once. */
  readonly workers: number;
}

export interface Fuzzed {
  readonly asked: number;
  /** Answers counted by their first error's code, or 'none'; unforeseen codes are included. */
  readonly codes: Readonly<Record<string, number>>;
  readonly doors: Readonly<Record<string, number>>;
  /** Root fields that were answered without an error at least once. */
  readonly answered: ReadonlySet<string>;
  /** Failures: a document, and its forbidden answer. */
  readonly failures: readonly string[];
}

const MAX_FAILURES = 20;
/** A document is compiled from this many uses on. */
const USES = 6;
/** A tree is soon used up: its panels get closed, locked or lose their owners. */
const TREE_LIFE_MS = 60_000;

/**
 * Sends documents written from the schema by every way in, until the time is over and enough were sent. It looks for
 * answers that no client may ever get: a 5xx status other than overload, an internal error, an answer that is not
 * JSON, or a compiled document whose answer differs from the interpreted one.
 */
export async function fuzz(options: FuzzOptions): Promise<Fuzzed> {
  const { atLeast, origin, seed } = options;
  const untilMs = performance.now() + options.forMs;
  const corpus = new Corpus([]);
  const failures: string[] = [];
  const codes: Record<string, number> = {};
  const doors: Record<string, number> = {};
  const answered = new Set<string>();
  let asked = 0;
  let emails: readonly string[] = [];
  let plantedMs = Number.NEGATIVE_INFINITY;
  let planting: Promise<void> | null = null;

  async function plant(): Promise<void> {
    const platform = await signIn(origin, options.platformEmail, options.platformPassword);
    if (platform === null) throw new Error('the platform cannot sign in');
    emails = await plantTree(origin, platform);
    plantedMs = performance.now();
  }

  /** Tokens of everybody who may still sign in. */
  async function tokens(): Promise<string[]> {
    const all = [...emails.map((email) => signIn(origin, email)), signIn(origin, options.platformEmail, options.platformPassword)];
    return (await Promise.all(all)).filter((token) => token !== null);
  }

  function judge(document: Generated, { door, status, text }: Answered): void {
    asked += 1;
    doors[door] = (doors[door] ?? 0) + 1;
    const code = /"code":"(\w+)"/.exec(text)?.[1] ?? 'none';
    codes[code] = (codes[code] ?? 0) + 1;
    for (const [, name = ''] of text.matchAll(/"__typename":"(\w+Payload)"/g)) answered.add(name);
    const isServed = status < 500 || (status === 503 && code === 'OVERLOADED');
    if (isServed && isJson(text) && !/INTERNAL_SERVER_ERROR|Internal error/.test(text)) return;
    failures.push(`${door} ${status}\n${JSON.stringify(document)}\n${text.slice(0, 600)}`);
  }

  async function one(random: Random, writer: DocumentWriter, token: string | null): Promise<void> {
    const document = writer.write();
    const { operationName, query, variables } = document;
    let body = JSON.stringify({ query, variables, ...(operationName === undefined ? {} : { operationName }) });
    if (random.chance(0.02)) body = spoiledBody(body, random);
    const draw = random.next();
    let answer: Answered;
    if (document.kind === 'subscription' || draw < 0.08) answer = await overWebSocket(origin, token, document);
    else if (draw < 0.2) answer = await overForm(origin, token, document, random, document.kind === 'query' && random.chance(0.5));
    else answer = await overJson(origin, token, body, random, draw < 0.4);
    judge(document, answer);
    corpus.learn(answer.text, random);
  }

  /** Nobody else is active, so an answer can be repeated. */
  async function compare(random: Random, writer: DocumentWriter, token: string | null): Promise<void> {
    let document = writer.write();
    while (document.kind !== 'query') document = writer.write();
    const { operationName, query, variables } = document;
    const body = JSON.stringify({ query, variables, ...(operationName === undefined ? {} : { operationName }) });
    for (let use = 1; use < USES; use += 1) judge(document, await overJson(origin, token, body, random));
    const [compiled, interpreted] = [await overJson(origin, token, body, random), await overJson(origin, token, body, random, true)];
    judge(document, compiled);
    judge(document, interpreted);
    if (comparable(compiled) !== comparable(interpreted)) {
      failures.push(
        `compiled and interpreted differ\n${JSON.stringify(document)}\n${compiled.text.slice(0, 600)}\n${interpreted.text.slice(0, 600)}`,
      );
    }
  }

  /** Each kind of work sends its share of the required documents, however slow the machine is. */
  async function worker(number: number, work: typeof one, stopMs: number, owed: number): Promise<void> {
    const random = new Random(seed + 7_919 * number + asked);
    const writer = new DocumentWriter(options.schema, random, corpus);
    let signedIn = await tokens();
    for (let turn = 0; (performance.now() < stopMs || asked < owed) && failures.length < MAX_FAILURES; turn += 1) {
      if (turn % 200 === 199) signedIn = await tokens();
      const token = random.chance(0.04) ? random.pick([null, 'nobody']) : random.pick(signedIn);
      try {
        await work(random, writer, token);
      } catch (error) {
        failures.push(`no answer: ${inspect(error)}`);
      }
    }
  }

  for (let round = 0; (performance.now() < untilMs || asked < atLeast) && failures.length < MAX_FAILURES; round += 1) {
    if (performance.now() - plantedMs > TREE_LIFE_MS) planting = plant();
    await planting;
    const left = untilMs - performance.now();
    const stopMs = performance.now() + Math.min(left * 0.8, TREE_LIFE_MS / 3);
    const numbers = Array.from({ length: options.workers }, (_, number) => number + round * options.workers);
    await Promise.all(numbers.map((number) => worker(number, one, stopMs, atLeast * 0.8)));
    await worker(-1 - round, compare, Math.min(untilMs, stopMs + Math.max(1_000, Math.min(left * 0.2, 5_000))), atLeast);
  }
  return { asked, codes, doors, answered, failures };
}

function isJson(text: string): boolean {
  // A stream from Yoga, for a document that was damaged into a subscription.
  if (text.startsWith('event: ') || text.startsWith(':\n') || text === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Removes times, the session's changing end, the order of errors and variable parts of their texts. */
function comparable({ status, text }: Answered): string {
  const timeless = text
    .replace(/"\d{4}-\d\d-\d\dT[^"\\]*"/g, '"…"')
    .replace(/"id":"[0-9a-f-]{36}"/g, '"id":"…"')
    .replace(/"retryAfterSeconds":\d+/g, '"retryAfterSeconds":0');
  const body: unknown = JSON.parse(timeless);
  if (typeof body !== 'object' || body === null) return timeless;
  const errors: unknown = 'errors' in body ? body.errors : null;
  const data = 'data' in body ? body.data : null;
  // Once the whole answer is null, graphql-js no longer waits for errors, while graphql-jit waits for all: the
  // specification allows both.
  if (data === null) return JSON.stringify([status, data]);
  const sorted = Array.isArray(errors) ? errors.map((error: unknown) => JSON.stringify(error)).sort() : null;
  return JSON.stringify([status, data, sorted]);
}

function spoiledBody(body: string, random: Random): string {
  switch (random.below(7)) {
    case 0:
      return body.slice(0, random.below(body.length));
    case 1:
      return `${body.slice(0, -1)},"query":"{ __typename }"}`;
    case 2:
      return `[${body},${body}]`;
    case 3:
      return body.replace('"variables":{', '"variables":{"__proto__":{"a":1},"constructor":1,');
    case 4:
      return `{"query":${JSON.stringify(['{ __typename }'])}}`;
    case 5:
      return `{"query":"{ __typename }","variables":${'['.repeat(2_000)}${']'.repeat(2_000)}}`;
    default:
      return `${body.slice(0, -1)},"extensions":{"a":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}}`;
  }
}
