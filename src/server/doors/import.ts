/** Receives files to import at POST /import, as they arrive (R55). */

import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { decodeIdOf, encodeId } from '../../../schema/core/global-id.ts';
import { MAX_FILE_BYTES } from '../../domain/imports/limits.ts';
import { uploadImport } from '../../domain/imports/upload-import.ts';
import { refuseOneTimePassword, refuseService, refuseSupport } from '../../domain/input.ts';
import type { Ports } from '../../domain/ports.ts';
import type { Actor } from '../../kernel/actor.ts';
import { BadUserInput, Refusal, Unauthenticated } from '../../kernel/errors.ts';
import { Rejection } from '../graphql/rejection.ts';
import type { Exchange } from '../http/exchange.ts';
import { pacedBody } from '../http/slow-body.ts';
import type { Limits } from '../limits.ts';
import type { TakeExportSlot } from './export-slots.ts';

export const IMPORT_PATH = '/import';

/** The fields of a form, without the file. */
const MAX_FIELDS = 20;
const MAX_FIELD_BYTES = 100_000;
const PARAMETERS: ReadonlySet<string> = new Set(['source', 'name', 'tenant', 'separator', 'encoding', 'timeZone', 'rootName', 'columns']);

const STATUSES: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  INVALID_INPUT: 400,
  INVALID_STATE: 409,
  OVERLOADED: 503,
  LIMIT_EXCEEDED: 429,
};

export type UploadKind = 'table' | 'form';

/** The kind of a request's body by its content type, or null if it is not accepted. */
export function uploadKind({ headers }: IncomingMessage): UploadKind | null {
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return null;
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'text/csv' || type === 'text/tab-separated-values') return 'table';
  return type === 'multipart/form-data' ? 'form' : null;
}

/** A file, with the parameters that were sent with it. */
interface Sent {
  readonly parameters: ReadonlyMap<string, string>;
  readonly fileName: string | null;
  readonly pieces: AsyncIterable<Buffer>;
}

/** Answers 202 and the id of an import once the whole file is stored. The preview is made afterwards. */
export function createImportHandler(
  ports: Pick<Ports, 'sql' | 'secrets' | 'imports'>,
  { requestTimeoutMs }: Pick<Limits, 'requestTimeoutMs'>,
  takeSlot: TakeExportSlot,
): (exchange: Exchange) => Promise<void> {
  async function answer(exchange: Exchange, actor: Actor): Promise<void> {
    const { request } = exchange;
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const release = takeSlot(actor.tenantId);
    try {
      const { fileName, parameters, pieces } =
        uploadKind(request) === 'form' ? await formOf(request, searchParams) : tableOf(request, searchParams);
      const stray = [...parameters.keys()].find((name) => !PARAMETERS.has(name));
      if (stray !== undefined) throw new BadUserInput(stray, 'is not a parameter.');
      // An empty value counts as absent, because forms send empty fields.
      const parameter = (name: string) => parameters.get(name) || null;
      const tenant = parameter('tenant');
      const upload = {
        source: parameter('source'),
        fileName: parameter('name') ?? fileName,
        root: tenant === null ? null : decodeIdOf({ actor }, 'Reseller', tenant),
        settings: {
          ...{ separator: parameter('separator') ?? undefined, encoding: parameter('encoding') ?? undefined },
          ...{ timeZone: parameter('timeZone'), rootName: parameter('rootName'), columns: columnsOf(parameter('columns')) },
        },
      };
      const row = await uploadImport(ports, { actor, address: exchange.address }, upload, pacedBody(request, pieces, requestTimeoutMs));
      exchange.send(202, 'application/json; charset=utf-8', JSON.stringify({ id: encodeId({ actor }, 'Import', row) }));
    } finally {
      release();
    }
  }

  return async (exchange) => {
    const { actor, request, response } = exchange;
    try {
      if (actor === null) throw new Unauthenticated();
      refuseOneTimePassword(actor);
      refuseSupport(actor);
      refuseService(actor);
      await answer(exchange, actor);
    } catch (error) {
      if (response.headersSent || (request.destroyed && !request.complete)) response.destroy();
      else if (error instanceof Rejection) exchange.reject(error);
      else if (error instanceof Refusal) exchange.reject(Rejection.of(error, STATUSES[error.code] ?? 403));
      else throw error;
    }
  };
}

function columnsOf(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new BadUserInput('columns', 'must be JSON, for example [{"heading": "exp", "field": "expiresAt"}].');
  }
}

function tableOf(request: IncomingMessage, parameters: URLSearchParams): Sent {
  return { parameters: new Map(parameters), fileName: null, pieces: piecesOf(request) };
}

/** Resolves as soon as the form's file begins: the form's other fields come before it. */
function formOf(request: IncomingMessage, parameters: URLSearchParams): Promise<Sent> {
  const { promise, reject, resolve } = Promise.withResolvers<Sent>();
  const found = new Map(parameters);
  const refuse = (message: string) => reject(new BadUserInput('file', message));
  const form = openForm(request);
  if (form === null) {
    refuse('the form has no boundary.');
    return promise;
  }
  form.on('field', (name, value) => found.set(name, value));
  form.on('file', (_name, file, fileName) => {
    // If the sender disconnects, the file fails too.
    request.once('close', () => {
      if (!request.complete) file.destroy(new Error('the sender disconnected'));
    });
    resolve({ parameters: found, fileName: fileName || null, pieces: piecesOf(file) });
  });
  form.on('error', () => refuse('the form is malformed.'));
  form.on('finish', () => refuse('the form has no file.'));
  request.once('close', () => reject(new Error('the sender disconnected')));
  request.pipe(form);
  return promise;
}

function openForm({ headers }: IncomingMessage): BusboyInstance | null {
  try {
    const limits = { fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, files: 1, fileSize: MAX_FILE_BYTES + 1 };
    return new Busboy({ headers: { ...headers, 'content-type': headers['content-type'] ?? '' }, limits });
  } catch {
    return null;
  }
}

/** Stopping early does not destroy the request, so that it can still be answered. */
async function* piecesOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const piece of stream.iterator({ destroyOnReturn: false })) {
    if (Buffer.isBuffer(piece)) yield piece;
  }
}
