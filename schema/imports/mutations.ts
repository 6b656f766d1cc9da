/** The mutations on imports. */

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
  description: 'What a column of a file is.',
  fields: (t) => ({
    heading: t.string({ required: true, description: 'What the first line of the file calls it.' }),
    field: t.field({ type: ImportField, description: 'What it is; null: it is not taken over.' }),
  }),
});

const PreviewImportInput = builder.inputType('PreviewImportInput', {
  description: 'How to read a file again; what is not given stays as it was decided, and null is found out again.',
  fields: (t) => ({
    importId: t.id({ required: true, description: 'The import.' }),
    separator: t.string({ description: 'What stands between two values: a comma, a semicolon or a tab.' }),
    encoding: t.field({ type: ImportEncoding, description: 'How its letters are written.' }),
    timeZone: t.string({ description: 'Where its times are those of a clock on the wall: a name as America/Sao_Paulo.' }),
    rootName: t.string({ description: 'What the file calls the root panel itself, as a parent.' }),
    columns: t.field({ type: [ImportColumnInput], description: 'Columns that are to be taken for something else, all of them at once.' }),
  }),
});

const PreviewImportPayload = builder.objectRef<RowId>('PreviewImportPayload').implement({
  description: 'The file is being read again.',
  ...reached('import'),
  fields: (t) => ({
    import: t.field({ type: Import, description: 'The import as it is now.', resolve: (row, _args, ctx) => importNow(ctx, row) }),
  }),
});

mutation('previewImport', {
  description: 'Makes the preview of an import anew, in another way. Until a commit. For OWNERs of the root panel, and the platform.',
  who: WHO,
  input: PreviewImportInput,
  argument: 'Which one, and how to read it.',
  payload: PreviewImportPayload,
  refusals: [Forbidden, InvalidInput, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'The import, or why it is not read again.',
  run: ({ columns, importId, ...input }, ctx) => {
    const given = columns?.map(({ field, heading }) => ({ heading, field: field ?? null }));
    return previewImport(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Import', importId), { ...input, columns: given });
  },
});

const CommitImportInput = builder.inputType('CommitImportInput', {
  description: 'A preview to write.',
  fields: (t) => ({
    importId: t.id({ required: true, description: 'The import.' }),
    hash: t.string({ required: true, description: 'Of the preview that is agreed to: `Import.hash`.' }),
    mode: t.field({ type: ImportMode, required: true, defaultValue: 'ALL', description: 'Which rows are written.' }),
    idempotencyKey: t.string({ required: true, description: '1 to 255 characters: the same one commits once.' }),
  }),
});

const CommitImportPayload = builder.objectRef<RowId & { readonly replayed: boolean }>('CommitImportPayload').implement({
  description: 'The import is being written.',
  ...reached('import', 'replayed'),
  fields: (t) => ({
    import: t.field({ type: Import, description: 'The import as it is now.', resolve: (row, _args, ctx) => importNow(ctx, row) }),
    replayed: t.exposeBoolean('replayed', { description: 'Whether an earlier call with the same key did it.' }),
  }),
});

mutation('commitImport', {
  description:
    'Writes what exactly this preview says: panels with their balances as ISSUE, customers with the time that they have. Answers at once; importChanged tells how far it is. A row of a source that was imported before is not added again. For the platform.',
  who: { person: true, role: COMMIT_ROLES },
  input: CommitImportInput,
  argument: 'Which preview.',
  payload: CommitImportPayload,
  refusals: [Forbidden, InvalidInput, IdempotencyConflict, NotFound, InvalidState],
  result: 'The import, or why it is not written.',
  run: (input, ctx) => commitImport(ctx.ports, actingOf(ctx), input, decodeIdOf(ctx, 'Import', input.importId)),
});

const DiscardImportInput = builder.inputType('DiscardImportInput', {
  description: 'An import that is not wanted.',
  fields: (t) => ({ importId: t.id({ required: true, description: 'The import.' }) }),
});

const DiscardImportPayload = builder.objectRef<RowId>('DiscardImportPayload').implement({
  description: 'The import is gone, with its file.',
  ...reached('importId'),
  fields: (t) => ({
    importId: t.id({ description: 'The id of the import that was removed.', resolve: (row, _args, ctx) => encodeId(ctx, 'Import', row) }),
  }),
});

mutation('discardImport', {
  description: 'Removes an import of which nothing is written. For OWNERs of the root panel, and the platform.',
  who: WHO,
  input: DiscardImportInput,
  argument: 'The import.',
  payload: DiscardImportPayload,
  refusals: [Forbidden, PanelSuspended, PanelLocked, NotFound, InvalidState],
  result: 'That it is gone, or why it is not.',
  run: ({ importId }, ctx) => discardImport(ctx.ports, actingOf(ctx), decodeIdOf(ctx, 'Import', importId)),
});
