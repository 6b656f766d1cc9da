/** The mutations on imports: previewImport, commitImport, discardImport (R55). */

import { COMMIT_ROLES, commitImport } from '../../src/domain/imports/commit-import.ts';
import { discardImport, previewImport } from '../../src/domain/imports/preview-import.ts';
import { UPLOAD_ROLES } from '../../src/domain/imports/upload-import.ts';
import type { RowId } from '../../src/domain/input.ts';
import {
  Forbidden,
  IdempotencyConflict,
  InvalidInput,
  InvalidState,
  NotFound,
  PanelLocked,
  PanelSuspended,
} from '../../src/kernel/errors.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { decodeIdOf, encodeId } from '../core/global-id.ts';
import { mutation } from '../core/mutation.ts';
import { actingOf, reached } from '../core/scopes.ts';
import { findImport, Import, ImportEncoding, ImportField, ImportMode } from './import.ts';

const WHO = { person: true, role: UPLOAD_ROLES } as const;

async function importNow(ctx: Context, row: RowId) {
  return (await findImport(ctx, row)) ?? Promise.reject(new Error('an import that was written a moment ago is gone'));
}

const ImportColumnInput = builder.inputType('ImportColumnInput', {
  description: 'The meaning of a column of a file.',
  fields: (t) => ({
    heading: t.string({ required: true, description: 'The heading of the column in the first line of the file.' }),
    field: t.field({ type: ImportField, description: 'The meaning of the column. Null to not import it.' }),
  }),
});

const PreviewImportInput = builder.inputType('PreviewImportInput', {
  description: 'How to read the file again. Fields that are not given stay as they are. A null field is detected again.',
  fields: (t) => ({
    importId: t.id({ required: true, description: 'The import.' }),
    separator: t.string({ description: 'The character between two values: a comma, a semicolon or a tab.' }),
    encoding: t.field({ type: ImportEncoding, description: 'The character encoding.' }),
    timeZone: t.string({ description: 'The time zone of times without an offset, for example America/Sao_Paulo.' }),
    rootName: t.string({ description: 'The name that the file uses for the root panel as a parent.' }),
    columns: t.field({ type: [ImportColumnInput], description: 'All columns whose detected meaning is wrong, with the right one.' }),
  }),
});

const PreviewImportPayload = builder.objectRef<RowId>('PreviewImportPayload').implement({
  description: 'The server reads the file again.',
  ...reached('import'),
  fields: (t) => ({
    import: t.field({ type: Import, description: 'The import as it is now.', resolve: (row, _args, ctx) => importNow(ctx, row) }),
  }),
});

mutation('previewImport', {
  description:
    'Makes the preview of an import again with other settings. Not after commitImport: INVALID_STATE. For OWNERs of the root panel and the platform.',
  who: WHO,
  input: PreviewImportInput,
  argument: 'The import, and how to read it.',
  payload: PreviewImportPayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The import, or why the file is not read again.',
  run: ({ columns, importId, ...input }, ctx) => {
    const given = columns?.map(({ field, heading }) => ({ heading, field: field ?? null }));
    return previewImport(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Import', importId), { ...input, columns: given });
  },
});

const CommitImportInput = builder.inputType('CommitImportInput', {
  description: 'The preview to commit.',
  fields: (t) => ({
    importId: t.id({ required: true, description: 'The import.' }),
    hash: t.string({
      required: true,
      description: 'The `Import.hash` of the preview to commit. If the preview has changed since, it is refused.',
    }),
    mode: t.field({ type: ImportMode, required: true, defaultValue: 'ALL', description: 'Which rows are written.' }),
    idempotencyKey: t.string({ required: true, description: '1 to 255 characters. A repeated key commits nothing again (R31).' }),
  }),
});

const CommitImportPayload = builder.objectRef<RowId & { readonly replayed: boolean }>('CommitImportPayload').implement({
  description: 'The commit has begun.',
  ...reached('import', 'replayed'),
  fields: (t) => ({
    import: t.field({ type: Import, description: 'The import as it is now.', resolve: (row, _args, ctx) => importNow(ctx, row) }),
    replayed: t.exposeBoolean('replayed', { description: 'Whether an earlier call with the same key already began this commit.' }),
  }),
});

mutation('commitImport', {
  description:
    'Writes exactly the rows of this preview: panels with their balances as ISSUE, and customers with their remaining time (R55). Returns at once; follow the progress with importChanged. A row that was imported before from the same source is not added again. For the platform.',
  who: { person: true, role: COMMIT_ROLES },
  input: CommitImportInput,
  argument: 'The preview to commit.',
  payload: CommitImportPayload,
  refusals: [Forbidden, InvalidInput, IdempotencyConflict, NotFound, InvalidState],
  result: 'The import, or why it is not committed.',
  run: (input, ctx) => commitImport(ctx.ports, actingOf(ctx), input, decodeIdOf(ctx, 'Import', input.importId)),
});

const DiscardImportInput = builder.inputType('DiscardImportInput', {
  description: 'An import to delete.',
  fields: (t) => ({ importId: t.id({ required: true, description: 'The import.' }) }),
});

const DiscardImportPayload = builder.objectRef<RowId>('DiscardImportPayload').implement({
  description: 'The import and its file were deleted.',
  ...reached('importId'),
  fields: (t) => ({
    importId: t.id({ description: 'The id of the deleted import.', resolve: (row, _args, ctx) => encodeId(ctx, 'Import', row) }),
  }),
});

mutation('discardImport', {
  description: 'Deletes an import that was not committed. For OWNERs of the root panel and the platform.',
  who: WHO,
  input: DiscardImportInput,
  argument: 'The import to delete.',
  payload: DiscardImportPayload,
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The deleted import, or why it was not deleted.',
  run: ({ importId }, ctx) => discardImport(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Import', importId)),
});
