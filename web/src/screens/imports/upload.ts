/** Uploads a file to import and reports the progress. */

/** A failed upload, with the server's code and message; `code` null: the server did not respond. */
export class UploadProblem extends Error {
  readonly code: string | null;

  constructor(code: string | null, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Upload {
  readonly file: File;
  /** Form fields in addition to the file; empty ones are not sent. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onProgress: (percent: number) => void;
  readonly signal: AbortSignal;
}

/** Resolves to the import's id. Sends the file unchanged, whatever its size. */
export function upload({ fields, file, onProgress, signal }: Upload): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== '') form.append(name, value);
  // The fields must precede the file.
  form.append('file', file);
  const { promise, reject, resolve } = Promise.withResolvers<string>();
  const request = new XMLHttpRequest();
  request.open('POST', '/import');
  // A form on another site cannot send this header with the cookie.
  request.setRequestHeader('x-requested-with', 'XMLHttpRequest');
  request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? Math.floor((100 * loaded) / total) : 0);
  request.onload = () => {
    const answer = parse(request.responseText);
    if (request.status === 202 && answer.id !== undefined) return resolve(answer.id);
    const [problem] = answer.errors ?? [];
    // Removes the field's name, which is not a field of this form.
    reject(new UploadProblem(problem?.extensions?.code ?? null, problem?.message.replace(/^\w+: /, '') ?? ''));
  };
  request.onerror = () => reject(new UploadProblem(null, ''));
  signal.addEventListener('abort', () => request.abort(), { once: true });
  request.send(form);
  return promise;
}

interface UploadAnswer {
  readonly id?: string;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

function parse(text: string): UploadAnswer {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
