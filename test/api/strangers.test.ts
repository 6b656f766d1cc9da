import { getNamedType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { type Answer, overSocket } from '../support/clients/api.ts';
import { ID_CALLS } from './gate-rules.ts';
import { REQUIRED_ARGUMENTS } from './gate-witnesses.ts';
import { GateWorld, idArguments, idOf, UNKNOWN_ID } from './gate-world.ts';

let world: GateWorld;

beforeAll(async () => {
  world = await GateWorld.open();
});

afterAll(() => world[Symbol.asyncDispose]());

/** The ids of a panel's own objects, with its first entries, as the panel sees them. */
async function idsOf(token: string): Promise<{ reseller: string; user: string; others: string[] }> {
  const { viewer } = await world.both.interpreting.query(
    token,
    '{ viewer { user { id } reseller { id account { id statement(last: 3) { edges { node { id transfer { id } } } } } } } }',
  );
  const { account, id } = viewer.reseller;
  const entries = account.statement.edges.flatMap(({ node }) => [node.id, node.transfer.id]);
  return { reseller: id, user: viewer.user.id, others: [account.id, viewer.user.id, ...entries] };
}

/** Declares the variable of a document that uses `$id`. */
function withVariable(document: string): string {
  return document.replace(/^(?:(mutation|subscription) )?\{/, (_, kind = 'query') => `${kind} ($id: ID!) {`);
}

function withoutPlace({ extensions, message, path }: Answer<unknown>['errors'][number]) {
  return { extensions, message, path };
}

/** Ids that match nothing for any viewer. */
function malformed(own: string): string[] {
  return [
    '',
    'nothing',
    '0',
    `${own}A`,
    `${own}=`,
    ` ${own}`,
    own.slice(0, -2),
    'A'.repeat(5_000),
    '\u0000',
    '0190d5a1-7b1c-7000-8000-00000000beef',
    idOf(9, '0190d5a1-7b1c-7000-8000-00000000beef'),
  ];
}

test('every argument that takes an id is tried below', () => {
  expect(idArguments().sort()).toEqual(Object.keys(ID_CALLS).sort());
});

/** Id arguments that a locked panel may still use (R8). */
const OPEN_WHILE_LOCKED: readonly string[] = [
  'Mutation.cancelPurchase.input.purchaseId',
  'Mutation.reportPayment.input.purchaseId',
  'Mutation.revokeSession.input.sessionId',
  'Mutation.undoSpending.input.transferId',
];

describe.each(['ana', 'other', 'zero', 'platform'] as const)('to %s', (who) => {
  const names = (['root', 'ana', 'bruno', 'zero', 'caio', 'other'] as const).filter((name) => name !== who);
  let token: string;
  /** An id of the viewer's branch that may be moved or moved to. */
  let own: string;
  /** Ids of panels and other objects that are not the viewer's. */
  let foreign: string[];
  let ownOthers: string[];
  let ownUser: string;

  beforeAll(async () => {
    const { demo } = world;
    token = who === 'platform' ? demo.platform : demo[who].token;
    own = who === 'platform' ? world.rootForPlatform : who === 'ana' ? demo.bruno.id : demo[who].id;
    const ofPanels = await Promise.all(names.map(async (name) => ({ name, ...(await idsOf(demo[name].token)) })));
    foreign = ofPanels.flatMap(({ name, reseller, others }) => {
      if (who === 'ana' && name === 'bruno') return [];
      // Both panels see a transfer between them, so only objects outside Ana's own line are foreign to her.
      return who === 'ana' && name === 'root' ? [reseller] : [reseller, ...others];
    });
    const ids = who === 'platform' ? { user: '', others: [] } : await idsOf(token);
    ownOthers = ids.others;
    ownUser = ids.user;
    if (who === 'zero') foreign = foreign.filter((id) => !ownOthers.includes(id));
  });

  test.each(Object.keys(ID_CALLS))('%s answers unknown, malformed, wrongly typed and forbidden ids alike', async (place) => {
    const document = (id: string) => ID_CALLS[place]?.(JSON.stringify(id), own) ?? '';
    const unknown = await world.ask(token, document(UNKNOWN_ID));
    const isClosed = who === 'zero' && !OPEN_WHILE_LOCKED.includes(place);
    // Imports are for the owners of roots, and only the platform commits them (R55).
    const isForbidden = /issueCredits|commitImport|createImportInvitations/.test(place) || (place.includes('Import') && who !== 'other');
    const refusal = isForbidden ? 'FORBIDDEN' : isClosed ? 'PANEL_LOCKED' : 'NOT_FOUND';
    // A list filtered by an id is empty if the id matches nothing.
    const isList = place.startsWith('Viewer.');
    if (who !== 'platform' && (who === 'zero' || !(isList || place.startsWith('Query')))) expect(unknown.text).toContain(refusal);
    else if (place.startsWith('Query.quote')) expect(unknown.text).toContain(who === 'platform' ? 'FORBIDDEN' : 'NOT_FOUND');
    else if (isList || place.startsWith('Query')) expect(unknown.errors).toEqual([]);

    const wantsReseller = !/^Query\.nodes?\./.test(place);
    const others = (wantsReseller ? ownOthers : []).filter((id) => !place.endsWith('.userId') || id !== ownUser);
    const inVariables = [...foreign, ...malformed(own), ...others, ...(who === 'platform' ? [] : [world.rootForPlatform])];
    // A few, because the server validates each of these documents, which takes longer than the answer.
    const inDocuments = [...foreign.slice(0, 1), ...malformed(own)];
    const byVariable = withVariable(ID_CALLS[place]?.('$id', own) ?? '');
    const socket = world.both.interpreting.socket(token);
    const send = (query: string, variables = {}) =>
      place.startsWith('Subscription') ? overSocket(socket, query, variables) : world.both.interpreting.ask(token, query, variables);
    // An error names its place in the document, so each form has its own answer for unknown ids.
    const unknownByVariable = await send(byVariable, { id: UNKNOWN_ID });
    const answers = await Promise.all([
      ...inVariables.map(async (id) => ({ id, text: (await send(byVariable, { id })).text, wanted: unknownByVariable.text })),
      ...inDocuments.map(async (id) => ({ id, text: (await send(document(id))).text, wanted: unknown.text })),
    ]);
    await socket.dispose();
    for (const { id, text, wanted } of answers) expect(text, `${place} of ${id.slice(0, 60)}`).toBe(wanted);
    expect(unknownByVariable.data).toEqual(unknown.data);
    expect(unknownByVariable.errors.map(withoutPlace)).toEqual(unknown.errors.map(withoutPlace));
  });
});

/** Below this many types on a path, lists are limited to one node. */
const FEW_BELOW = 5;

/**
 * Types that lead to other panels may occur twice on a path, every other type once; otherwise there would be tens of
 * thousands of paths.
 */
const PASSED_TWICE = ['Reseller', 'Account'];

/**
 * Every path from a type through the schema, as nested selections with all leaves. Lists of panels follow all paths
 * into a second panel; other fields select only its leaves.
 */
function* paths(typeName: string, seen: readonly string[] = []): Generator<string> {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) return;
  const fields = Object.values(type.getFields());
  const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)) && field.name !== 'balanceAt').map(({ name }) => name);
  const here = `__typename ${leaves.join(' ')}`;
  let isEnd = true;
  const isSecond = seen.filter((name) => name === 'Reseller').length === 2 && !seen.includes('ResellerEdge');
  for (const field of isSecond ? [] : fields) {
    const next = getNamedType(field.type).name;
    if (leaves.includes(field.name) || seen.filter((name) => name === next).length > Number(PASSED_TWICE.includes(next))) continue;
    // Five of everything, five levels deep, would cost too much, as would anything below an unpaged list.
    const size = field.args.some(({ name }) => name === 'first')
      ? `(first: ${seen.length < FEW_BELOW && !seen.includes('SupportSession') ? 5 : 1})`
      : (REQUIRED_ARGUMENTS[`${typeName}.${field.name}`] ?? '');
    for (const below of paths(next, [...seen, next])) {
      isEnd = false;
      yield `{ ${here} ${field.name}${size} ${below} }`;
    }
  }
  if (isEnd) yield `{ ${here} }`;
}

/** Customers and purchases of a panel below belong to it alone (R18): the field is refused and returns nothing. */
function isOthersBusiness({ extensions, path }: { extensions: { code: string }; path?: readonly (string | number)[] }): boolean {
  return extensions.code === 'FORBIDDEN' && ['customers', 'purchases'].includes(String(path?.at(-1)));
}

describe('on every path through the schema', () => {
  const names = ['root', 'ana', 'bruno', 'zero', 'caio', 'other'] as const;
  const viewers = [
    ['ana', ['ana', 'bruno']],
    ['zero', ['zero']],
    ['caio', ['caio']],
    ['root', ['root', 'ana', 'bruno', 'zero', 'caio']],
    ['other', ['other']],
  ] as const;
  type Viewer = (typeof viewers)[number][0];
  /** The answers that each viewer should not have got, with their paths, and the number of paths. */
  const found: Record<Viewer, { asked: number; problems: string[] }> = {
    ana: { asked: 0, problems: [] },
    zero: { asked: 0, problems: [] },
    caio: { asked: 0, problems: [] },
    root: { asked: 0, problems: [] },
    other: { asked: 0, problems: [] },
  };

  beforeAll(async () => {
    const hiddenWords = await Promise.all(
      viewers.map(async ([, visible]) => {
        const hidden = names.filter((name) => !visible.some((one) => one === name));
        const ids = await Promise.all(hidden.map((name) => idsOf(world.demo[name].token)));
        const secrets = ids.flatMap(({ reseller, others }) => [reseller, others[0], others[1]]);
        return [...hidden.flatMap((name) => [`"${name}"`, `"${world.demo[name].email}"`]), ...secrets.map((id) => `"${id}"`)];
      }),
    );
    // All viewers use a path before the next one: the server validates a document once, and validation is the most
    // expensive part.
    for (const path of paths('Viewer')) {
      const ask = ([who]: (typeof viewers)[number]) => world.both.interpreting.ask(world.demo[who].token, `{ viewer ${path} }`);
      const answers = [];
      for (const viewer of viewers) answers.push(await ask(viewer));
      for (const [index, { errors, text }] of answers.entries()) {
        const who = viewers[index]?.[0] ?? 'ana';
        const said = (hiddenWords[index] ?? []).filter((word) => text.includes(word)).map((word) => `${word} in ${path}`);
        const refused = errors
          .filter((error) => (who === 'zero' ? error.extensions.code !== 'PANEL_LOCKED' : !isOthersBusiness(error)))
          .map(({ extensions, message }) => `${extensions.code} ${message} in ${path}`);
        found[who].problems.push(...said, ...refused);
        found[who].asked += 1;
      }
    }
  });

  test.each(viewers)('%s meets nobody but %j', (who) => {
    const { asked, problems } = found[who];
    expect(problems).toEqual([]);
    expect(asked).toBeGreaterThan(20);
  });
});
