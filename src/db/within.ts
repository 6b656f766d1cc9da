/** A deadline for what the database may never answer. */

/** No answer within the deadline: the connection is taken for lost. */
export class NoAnswer extends Error {}

/** Settles as `work` does, or rejects with NoAnswer after `deadlineMs`. */
export async function within<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer from the database within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
