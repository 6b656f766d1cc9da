/** The type Import with the types of its fields, and the viewer's list of imports. */

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
  READING: { description: 'The file is being read for the preview.' },
  PREVIEWED: { description: 'The preview is complete, and the platform may commit it.' },
  COMMITTING: { description: 'The rows of the preview are being written.' },
  COMMITTED: { description: 'All rows are written, and `proof` is available.' },
  FAILED: { description: 'The import cannot continue. `problems` says why.' },
} satisfies Described<StatusName>;

const ImportStatus = builder.enumType('ImportStatus', { description: 'The progress of an import.', values: statuses });

const modes = {
  ALL: { description: 'All rows or none: an import with a problem is refused.' },
  VALID_ONLY: { description: 'Only the rows without a problem.' },
} satisfies Described<ModeName>;

export const ImportMode = builder.enumType('ImportMode', { description: 'Which rows of an import are written.', values: modes });

const encodings = {
  UTF_8: { description: 'UTF-8, with or without a byte order mark.' },
  WINDOWS_1252: { description: 'Windows-1252. Also for Latin-1, which has the same letters.' },
} satisfies Described<Encoding>;

export const ImportEncoding = builder.enumType('ImportEncoding', {
  description: 'The character encoding of a file.',
  values: encodings,
});

const fields = {
  kind: { description: 'Whether the row is a reseller or a customer, in a file with both.' },
  externalId: { description: 'The id of the row in its source. A row with the same source and id is not added twice.' },
  login: { description: "A customer's login for the service. For a panel, a name with which other rows can name it as their parent." },
  secret: { description: "A customer's secret." },
  email: { description: "The e-mail of a panel's owner. For a customer, a contact." },
  name: { description: 'The name of the panel or customer.' },
  parent: { description: 'The panel that the row belongs to, by its external id, login or e-mail. Empty for the root.' },
  credits: { description: "A panel's balance." },
  expiresAt: { description: "The end of a customer's service." },
  screens: { description: "A customer's present number of screens." },
  nextScreens: { description: "A customer's number of screens from the next renewal on." },
  laterScreens: {
    description:
      "A customer's paid screens after the first change, for example `1x2 3x1`: 1 screen for 2 periods of 30 days, then 3 screens for 1.",
  },
  contact: { description: "A customer's contact." },
  whatsapp: { description: 'A WhatsApp number, used as the contact if there is no other.' },
  telegram: { description: 'A Telegram name, used as the contact if there is no other.' },
  notes: { description: "A customer's notes." },
  status: { description: 'Whether a customer is on trial, or canceled.' },
  trial: { description: 'Whether a customer is on trial.' },
  root: { description: 'Whether the row is the root panel itself, which receives the balance of the row.' },
  closedAt: { description: 'When a panel was closed. Rows of closed panels are skipped.' },
} satisfies Described<Field>;

export const ImportField = builder.enumType('ImportField', { description: 'The meaning of a column of a file.', values: fields });

const ImportColumn = builder.objectRef<Column>('ImportColumn').implement({
  description: 'A column of a file.',
  ...reached('heading', 'field'),
  fields: (t) => ({
    heading: t.exposeString('heading', { description: 'The heading of the column in the first line of the file.' }),
    field: t.expose('field', { type: ImportField, nullable: true, description: 'The meaning of the column. Null if it is not imported.' }),
  }),
});

const ImportTotals = builder.objectRef<Totals>('ImportTotals').implement({
  description: 'The totals of an import: of the rows to write (`totals`), or of the written rows (`proof`).',
  ...reached(...(Object.keys(NO_TOTALS) as readonly (keyof Totals)[])),
  fields: (t) => ({
    resellers: t.exposeInt('resellers', { description: 'The number of new panels.' }),
    credits: t.expose('credits', { type: 'Credits', description: 'The sum of the imported balances.' }),
    customers: t.exposeInt('customers', { description: 'The number of new customers.' }),
    activeCustomers: t.exposeInt('activeCustomers', { description: 'New customers who are served and neither on trial nor canceled.' }),
    trialCustomers: t.exposeInt('trialCustomers', { description: 'New customers on trial.' }),
    canceledCustomers: t.exposeInt('canceledCustomers', { description: 'New customers who are canceled and still served.' }),
    expiredCustomers: t.exposeInt('expiredCustomers', { description: 'New customers whose service has ended.' }),
    screens: t.exposeInt('screens', { description: 'The sum of the screens of all new customers.' }),
    screenDays: t.expose('screenDays', {
      type: 'Credits',
      description: 'The sum of remaining whole days × screens over all new customers. Days, not credits.',
    }),
  }),
});

const ImportProblem = builder.objectRef<ProblemRow>('ImportProblem').implement({
  description: 'A problem of a row or of the whole file.',
  ...reached('line', 'column', 'message'),
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'The line on which the row begins; the first line is 1. 0 for the whole file.' }),
    column: t.exposeString('column', { nullable: true, description: 'The heading of the column. Null for the whole row.' }),
    message: t.exposeString('message', { description: 'A sentence that describes the problem.' }),
  }),
});

const ImportedRow = builder.objectRef<SampleRow>('ImportedRow').implement({
  description: 'A row of a file, as the server interpreted it.',
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
    isReseller: t.boolean({ description: 'True for a panel, false for a customer.', resolve: ({ kind }) => kind === 'RESELLER' }),
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: 'The id of the row in its source. Null if the file has none.',
    }),
    name: t.exposeString('name', { description: 'The name of the panel or customer.' }),
    login: t.exposeString('login', { nullable: true, description: 'The login. Null if the file has none.' }),
    email: t.exposeString('email', { nullable: true, description: "The e-mail of a panel's owner. Null for a customer." }),
    parent: t.exposeString('parent', { nullable: true, description: 'The parent, as the file names it. Null for the root.' }),
    credits: t.expose('credits', { type: 'Credits', nullable: true, description: "A panel's balance. Null for a customer." }),
    screens: t.exposeInt('screens', { nullable: true, description: "A customer's number of screens. Null for a panel." }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: "The end of a customer's service. Null for a panel.",
    }),
    contact: t.exposeString('contact', { nullable: true, description: "A customer's contact. Null if there is none." }),
    notes: t.exposeString('notes', { nullable: true, description: "A customer's notes. Null if there are none." }),
    known: t.exposeBoolean('known', { description: 'Whether the row was imported before, so that it is not added again.' }),
  }),
});

/** Problems by line, then in the order in which they were found. */
const BY_LINE: CursorKind<string> = {
  name: 'line',
  format: (place) => place,
  parse: (text) => (/^\d{1,9}:\d{1,15}$/.test(text) ? text : null),
};

const ImportProblemConnection = builder.connectionObject(
  { type: ImportProblem, name: 'ImportProblemConnection', description: 'A page of problems of an import.' },
  { name: 'ImportProblemEdge', description: 'A problem and its cursor.' },
);

export const Import = builder.objectRef<ImportRow>('Import').implement({
  description:
    'An uploaded file of panels and customers (R55). The preview writes nothing and is deleted after seven days. The proof of a commit is never deleted.',
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
      description: 'Rises with each change of the import: of two responses, the one with the higher version is newer.',
    }),
    status: t.expose('status', { type: ImportStatus, description: 'The status of the import.' }),
    source: t.exposeString('source', {
      description: 'The name of the system that the rows come from. A row of one source is added only once.',
    }),
    fileName: t.exposeString('fileName', { nullable: true, description: 'The name of the file. Null if the upload had none.' }),
    hash: t.string({
      description: 'Identifies exactly this preview, for commitImport. Empty while there is no preview.',
      resolve: ({ hash }) => hash ?? '',
    }),
    rows: t.exposeInt('rows', { description: 'The number of rows of the file; while it is READING, the rows read so far.' }),
    validRows: t.exposeInt('validRows', { description: 'The number of rows without a problem.' }),
    knownRows: t.exposeInt('knownRows', { description: 'The number of valid rows that were imported before and are not added again.' }),
    progress: t.exposeInt('progress', { description: 'The progress of the preview or the commit in percent, 0 to 100.' }),
    totals: t.field({
      type: ImportTotals,
      description: 'The totals of the rows that a commit writes.',
      resolve: ({ totals }) => totals ?? NO_TOTALS,
    }),
    proof: t.expose('proof', {
      type: ImportTotals,
      nullable: true,
      description: 'The same totals, computed from the database after the commit. They equal `totals`. Null before the commit.',
    }),
    problems: t.connection(
      {
        type: ImportProblem,
        description: 'The problems, by line. At most 10,000 are stored.',
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
      description: 'The first 20 readable rows, as the server interpreted them.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (row, _args, { ports: { sql } }) => readSample(sql, row),
    }),
    columns: t.field({
      type: [ImportColumn],
      description: 'The columns of the file and the meaning of each, which previewImport can change. Empty until the first line is read.',
      resolve: ({ used }) => [...(used?.columns ?? [])],
    }),
    separator: t.string({
      nullable: true,
      description: 'The character between two values. Null until the file is read.',
      resolve: ({ used }) => used?.separator ?? null,
    }),
    encoding: t.field({
      type: ImportEncoding,
      nullable: true,
      description: 'The character encoding. Null until the file is read.',
      resolve: ({ used }) => used?.encoding ?? null,
    }),
    timeZone: t.string({ description: 'The time zone of times without an offset.', resolve: ({ settings }) => settings.timeZone }),
    rootName: t.string({
      nullable: true,
      description: 'The name that the file uses for the root panel as a parent. Null if it uses none.',
      resolve: ({ settings }) => settings.rootName,
    }),
    reseller: t.prismaField({
      type: Reseller,
      description: 'The root panel of the tenant that the import is for.',
      resolve: (query, { tenantId }, _args, { ports: { prisma } }) =>
        prisma.reseller.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id: tenantId } } }),
    }),
    mode: t.expose('mode', { type: ImportMode, nullable: true, description: 'Which rows are written. Null before commitImport.' }),
    asOf: t.expose('asOf', {
      type: 'DateTime',
      nullable: true,
      description: 'The time as of which `totals` and `proof` count served customers and remaining days. Null before the preview.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the file was uploaded.' }),
    committedAt: t.expose('committedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last row was written. Null before that.',
    }),
    committedBy: t.exposeString('committedBy', {
      nullable: true,
      description: 'The e-mail of the user who committed it. Null before commitImport.',
    }),
    ownersWithoutPassword: t.int({
      description:
        'The number of owners of imported panels who have no password yet. createImportInvitations makes links for them. The panel above can also reset their access.',
      complexity: STATEMENT_COMPLEXITY,
      resolve: (row, _args, { ports: { sql } }) => (row.mode === null ? 0 : countWaitingOwners(sql, row)),
    }),
  }),
});

const ImportConnection = builder.connectionObject(
  { type: Import, name: 'ImportConnection', description: 'A page of imports.' },
  { name: 'ImportEdge', description: 'An import and its cursor.' },
);

builder.objectField(Viewer, 'imports', (t) =>
  t.connection(
    {
      type: Import,
      nullable: true,
      description:
        "The tenant's imports, newest first; for the platform, those of all tenants. Empty if the viewer's panel is not a root. For OWNER and the platform.",
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

/** Finds an import by its id. Null for viewers who may not see it. */
export async function findImport(ctx: Context, named: RowId): Promise<ImportRow | null> {
  const viewer = viewerOf(ctx);
  const isOpen = UPLOAD_ROLES.includes(viewer.role) && viewer.key === null && viewer.support === null && (viewer.panel?.depth ?? 0) === 0;
  if (!isOpen) return null;
  const { tenantId } = importsOf(viewer);
  return tenantId === null || tenantId === named.tenantId ? readImport(ctx.ports.sql, named) : null;
}
