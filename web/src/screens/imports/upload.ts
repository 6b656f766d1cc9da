/** Sends a file to be imported, and says how far it is. */

/** What was refused, in the server's words; null: nobody answered. */
export class UploadProblem extends Error {
  readonly code: string | null;

  constructor(code: string | null, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Upload {
  readonly file: File;
  /** Beside the file; empty ones are not given. */
  readonly fields: Readonly<Record<string, string>>;
  readonly onProgress: (percent: number) => void;
  readonly signal: AbortSignal;
}

/** Answers the id of the import. The file is sent as it is, however large; what the browser holds of it is its own business. */
export function upload({ fields, file, onProgress, signal }: Upload): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== '') form.append(name, value);
  // What the form says of a file stands before it.
  form.append('file', file);
  const { promise, reject, resolve } = Promise.withResolvers<string>();
  const request = new XMLHttpRequest();
  request.open('POST', '/import');
  // What a form of another site cannot send with the cookie.
  request.setRequestHeader('x-requested-with', 'XMLHttpRequest');
  request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? Math.floor((100 * loaded) / total) : 0);
  request.onload = () => {
    const answer = parse(request.responseText);
    if (request.status === 202 && answer.id !== undefined) return resolve(answer.id);
    const [problem] = answer.errors ?? [];
    // Without the name of the field, which is none of the form's.
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
