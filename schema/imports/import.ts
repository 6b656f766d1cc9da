/** The type Import with what it shows, and the viewer's list of imports. */

import { countWaitingOwners } from '../../src/domain/imports/create-invitations.ts';
import {
  type Import as ImportRow,
  type ImportMode as ModeName,
  NO_TOTALS,
  type ImportProblem as ProblemRow,
  readImport,
  readImports,
  readProblems,
  readSample,
  type SampleRow,
  type ImportStatus as StatusName,
  type ImportTotals as Totals,
} from '../../src/domain/imports/import-row.ts';
import type { Column, Field } from '../../src/domain/imports/reading/columns.ts';
import type { Encoding } from '../../src/domain/imports/reading/decode.ts';
import { importsOf, UPLOAD_ROLES } from '../../src/domain/imports/upload-import.ts';
import type { RowId } from '../../src/domain/input.ts';
import { builder } from '../core/builder.ts';
import { BY_ID_DOWN, type CursorKind, connectionComplexity, readPage, toConnection } from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import { STATEMENT_COMPLEXITY } from '../core/limits.ts';
import { idField, Node } from '../core/node.ts';
import { reached, viewerOf } from '../core/scopes.ts';
import { Viewer } from '../people/viewer.ts';
import { Reseller } from '../resellers/reseller.ts';

type Described<Names extends string> = Record<Names, { readonly description: string }>;

const statuses = {
  READING: { description: 'The preview is being made.' },
  PREVIEWED: { description: 'The preview is whole: the platform may commit it.' },
  COMMITTING: { description: 'What the preview says is being written.' },
  COMMITTED: { description: 'All of it is written, and there is a proof.' },
  FAILED: { description: 'It cannot go on: its problems say why.' },
} satisfies Described<StatusName>;

const ImportStatus = builder.enumType('ImportStatus', { description: 'How far an import is.', values: statuses });

const modes = {
  ALL: { description: 'Every row, or nothing: an import with a problem is refused.' },
  VALID_ONLY: { description: 'The rows without a problem.' },
} satisfies Described<ModeName>;

export const ImportMode = builder.enumType('ImportMode', { description: 'Which rows of an import are written.', values: modes });

const encodings = {
  UTF_8: { description: 'UTF-8, with a byte order mark or without.' },
  WINDOWS_1252: { description: 'Windows-1252, and Latin-1, which has the same letters.' },
} satisfies Described<Encoding>;

export const ImportEncoding = builder.enumType('ImportEncoding', {
  description: 'How the letters of a file are written.',
  values: encodings,
});

const fields = {
  kind: { description: 'Whether the row is a reseller or a customer, in a file of both.' },
  externalId: { description: 'What the row is called where it comes from: the same one is not added twice.' },
  login: { description: "A customer's login for the service; of a panel, a name by which others may call it their parent." },
  secret: { description: "A customer's secret." },
  email: { description: "The e-mail of a panel's owner; of a customer, a contact." },
  name: { description: 'The name.' },
  parent: { description: 'Whose panel or customer it is: the id, the login or the e-mail of a panel. Empty: the root.' },
  credits: { description: "A panel's balance." },
  expiresAt: { description: "The end of a customer's service." },
  screens: { description: "A customer's screens now." },
  nextScreens: { description: "A customer's screens from the next renewal on." },
  laterScreens: {
    description: "A customer's paid screens after the first change, as 1x2 3x1: one for two periods of 30 days, then three for one.",
  },
  contact: { description: "A customer's contact." },
  whatsapp: { description: 'The contact, where there is no other.' },
  telegram: { description: 'The contact, where there is no other.' },
  notes: { description: "A customer's notes." },
  status: { description: 'Whether a customer is on trial, or canceled.' },
  trial: { description: 'Whether a customer is on trial.' },
  root: { description: 'Whether the row is the root panel itself, which gets its balance.' },
  closedAt: { description: 'When a panel was closed: such a row is passed over.' },
} satisfies Described<Field>;

export const ImportField = builder.enumType('ImportField', { description: 'What a column of a file is.', values: fields });

const ImportColumn = builder.objectRef<Column>('ImportColumn').implement({
  description: 'A column of a file.',
  ...reached('heading', 'field'),
  fields: (t) => ({
    heading: t.exposeString('heading', { description: 'What the first line of the file calls it.' }),
    field: t.expose('field', { type: ImportField, nullable: true, description: 'What it is taken for; null: it is not taken over.' }),
  }),
});

const ImportTotals = builder.objectRef<Totals>('ImportTotals').implement({
  description: 'Sums of an import: of the rows to be written, or of what was written.',
  ...reached(...(Object.keys(NO_TOTALS) as readonly (keyof Totals)[])),
  fields: (t) => ({
    resellers: t.exposeInt('resellers', { description: 'New panels.' }),
    credits: t.expose('credits', { type: 'Credits', description: 'Their balances together.' }),
    customers: t.exposeInt('customers', { description: 'New customers.' }),
    activeCustomers: t.exposeInt('activeCustomers', { description: 'Of these, those that are served and neither on trial nor canceled.' }),
    trialCustomers: t.exposeInt('trialCustomers', { description: 'Of these, those on trial.' }),
    canceledCustomers: t.exposeInt('canceledCustomers', { description: 'Of these, those that are canceled and still served.' }),
    expiredCustomers: t.exposeInt('expiredCustomers', { description: 'Of these, those whose service has ended.' }),
    screens: t.exposeInt('screens', { description: 'The screens of all the customers.' }),
    screenDays: t.expose('screenDays', {
      type: 'Credits',
      description: 'Whole days that are left, each counted once for each screen, of all together.',
    }),
  }),
});

const ImportProblem = builder.objectRef<ProblemRow>('ImportProblem').implement({
  description: 'What is wrong with a row, or with the whole file.',
  ...reached('line', 'column', 'message'),
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'The line of the file on which the row begins; the first is 1. 0: the whole file.' }),
    column: t.exposeString('column', { nullable: true, description: 'What the file calls the column; null: the whole row.' }),
    message: t.exposeString('message', { description: 'What is wrong, in words.' }),
  }),
});

const ImportedRow = builder.objectRef<SampleRow>('ImportedRow').implement({
  description: 'A row of a file as it was understood.',
  ...reached(
    'line',
    'isReseller',
    'externalId',
    'name',
    'login',
    'email',
    'parent',
    'credits',
    'screens',
    'expiresAt',
    'contact',
    'notes',
    'known',
  ),
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'The line of the file on which the row begins.' }),
    isReseller: t.boolean({ description: 'A panel; else a customer.', resolve: ({ kind }) => kind === 'RESELLER' }),
    externalId: t.exposeString('externalId', { nullable: true, description: 'What the row is called where it comes from.' }),
    name: t.exposeString('name', { description: 'The name.' }),
    login: t.exposeString('login', { nullable: true, description: 'The login, if the file has one.' }),
    email: t.exposeString('email', { nullable: true, description: "The e-mail of a panel's owner." }),
    parent: t.exposeString('parent', { nullable: true, description: 'Whose it is, as the file calls it; null: the root’s.' }),
    credits: t.expose('credits', { type: 'Credits', nullable: true, description: "A panel's balance." }),
    screens: t.exposeInt('screens', { nullable: true, description: "A customer's screens." }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: "The end of a customer's service." }),
    contact: t.exposeString('contact', { nullable: true, description: "A customer's contact." }),
    notes: t.exposeString('notes', { nullable: true, description: "A customer's notes." }),
    known: t.exposeBoolean('known', { description: 'It was imported before, and is not added again.' }),
  }),
});

/** Problems by their lines, in the order in which they were found. */
const BY_LINE: CursorKind<string> = {
  name: 'line',
  format: (place) => place,
  parse: (text) => (/^\d{1,9}:\d{1,15}$/.test(text) ? text : null),
};

const ImportProblemConnection = builder.connectionObject(
  { type: ImportProblem, name: 'ImportProblemConnection', description: 'Problems of an import.' },
  { name: 'ImportProblemEdge', description: 'A problem and its place in the list.' },
);

export const Import = builder.objectRef<ImportRow>('Import').implement({
  description:
    'An uploaded table of panels and customers. Its preview writes nothing; it is kept for seven days, the proof of a commit for good.',
  interfaces: [Node],
  ...reached(
    ...[
      'id',
      'version',
      'status',
      'source',
      'fileName',
      'hash',
      'rows',
      'validRows',
      'knownRows',
      'progress',
      'totals',
      'proof',
      'problems',
    ],
    ...[
      'sample',
      'columns',
      'separator',
      'encoding',
      'timeZone',
      'rootName',
      'reseller',
      'mode',
      'asOf',
      'createdAt',
      'committedAt',
      'committedBy',
      'ownersWithoutPassword',
    ],
  ),
  fields: (t) => ({
    id: t.id(idField('Import', (row) => row)),
    version: t.expose('revision', {
      type: 'Version',
      description: 'Rises each time it changes: of two answers, the one with the higher is the newer.',
    }),
    status: t.expose('status', { type: ImportStatus, description: 'How far it is.' }),
    source: t.exposeString('source', { description: 'Where its rows come from: the same row of one source is added once.' }),
    fileName: t.exposeString('fileName', { nullable: true, description: 'The name of the file, if it came with one.' }),
    hash: t.string({
      description: 'Names exactly this preview, for commitImport; empty while there is none.',
      resolve: ({ hash }) => hash ?? '',
    }),
    rows: t.exposeInt('rows', { description: 'Rows of the file, so far while it is read.' }),
    validRows: t.exposeInt('validRows', { description: 'Rows without a problem.' }),
    knownRows: t.exposeInt('knownRows', { description: 'Of these, those that were imported before and are not added again.' }),
    progress: t.exposeInt('progress', { description: 'How far the preview, or the commit, is: 0 to 100.' }),
    totals: t.field({
      type: ImportTotals,
      description: 'The sums of the rows that a commit writes.',
      resolve: ({ totals }) => totals ?? NO_TOTALS,
    }),
    proof: t.expose('proof', {
      type: ImportTotals,
      nullable: true,
      description: 'The same sums of what the database has of it after the commit: equal to `totals`. null: it is not committed.',
    }),
    problems: t.connection(
      {
        type: ImportProblem,
        description: 'What is wrong, by line; at most 10,000 are kept.',
        complexity: connectionComplexity,
        resolve: async (row, args, { ports: { sql } }) => {
          const page = readPage(args, BY_LINE);
          const { after, backward: isBackward, before, size } = page;
          const rows = await readProblems(sql, row, { after, before, isBackward, limit: size + 1 });
          return toConnection(rows, page, BY_LINE, ({ place }) => place);
        },
      },
      ImportProblemConnection,
    ),
    sample: t.field({
      type: [ImportedRow],
      description: 'The first 20 rows that could be read, as they were understood.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (row, _args, { ports: { sql } }) => readSample(sql, row),
    }),
    columns: t.field({
      type: [ImportColumn],
      description: 'The columns of the file and what each is taken for; previewImport changes it. Empty until the first line is read.',
      resolve: ({ used }) => [...(used?.columns ?? [])],
    }),
    separator: t.string({ nullable: true, description: 'What stands between two values.', resolve: ({ used }) => used?.separator ?? null }),
    encoding: t.field({
      type: ImportEncoding,
      nullable: true,
      description: 'How its letters are written.',
      resolve: ({ used }) => used?.encoding ?? null,
    }),
    timeZone: t.string({ description: 'Where its times are those of a clock on the wall.', resolve: ({ settings }) => settings.timeZone }),
    rootName: t.string({
      nullable: true,
      description: 'What the file calls the root panel itself, as a parent; null: nothing.',
      resolve: ({ settings }) => settings.rootName,
    }),
    reseller: t.prismaField({
      type: Reseller,
      description: 'The root panel of the tenant that it is for.',
      resolve: (query, { tenantId }, _args, { ports: { prisma } }) =>
        prisma.reseller.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id: tenantId } } }),
    }),
    mode: t.expose('mode', { type: ImportMode, nullable: true, description: 'Which rows are written; null: nobody has committed it.' }),
    asOf: t.expose('asOf', {
      type: 'DateTime',
      nullable: true,
      description: 'The moment by which `totals` and `proof` count who is served and what time is left.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was uploaded.' }),
    committedAt: t.expose('committedAt', { type: 'DateTime', nullable: true, description: 'When its last row was written.' }),
    committedBy: t.exposeString('committedBy', { nullable: true, description: 'The e-mail of who committed it.' }),
    ownersWithoutPassword: t.int({
      description:
        'Owners of its panels who cannot get in yet: createImportInvitations makes links for them, and who is above one resets its access.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (row, _args, { ports: { sql } }) => (row.mode === null ? 0 : countWaitingOwners(sql, row)),
    }),
  }),
});

const ImportConnection = builder.connectionObject(
  { type: Import, name: 'ImportConnection', description: 'Imports of a list.' },
  { name: 'ImportEdge', description: 'An import and its place in the list.' },
);

builder.objectField(Viewer, 'imports', (t) =>
  t.connection(
    {
      type: Import,
      nullable: true,
      description:
        'The imports of the tenant, the newest first; of all tenants for the platform. For OWNERs; of a panel that is no root it is empty.',
      authScopes: { person: true, reads: UPLOAD_ROLES, unlocked: true },
      complexity: connectionComplexity,
      resolve: async ({ panel, tenantId }, args, { ports: { sql } }) => {
        const page = readPage(args, BY_ID_DOWN);
        const { after, backward: isBackward, before, size } = page;
        const isNobodys = panel !== null && panel.depth !== 0;
        const rows = isNobodys
          ? []
          : await readImports(sql, panel === null ? null : tenantId, { below: after, above: before, isBackward, limit: size + 1 });
        return toConnection(rows, page, BY_ID_DOWN, ({ id }) => id);
      },
    },
    ImportConnection,
  ),
);

/** As those who may see it find it by id. */
export async function findImport(ctx: Context, named: RowId): Promise<ImportRow | null> {
  const viewer = viewerOf(ctx);
  const isOpen = UPLOAD_ROLES.includes(viewer.role) && viewer.key === null && viewer.support === null && (viewer.panel?.depth ?? 0) === 0;
  if (!isOpen) return null;
  const { tenantId } = importsOf(viewer);
  return tenantId === null || tenantId === named.tenantId ? readImport(ctx.ports.sql, named) : null;
}
