/** Limits the time of a query that the database may never answer. */

/** The database did not answer within the deadline. The connection counts as lost. */
export class NoAnswer extends Error {}

/** Settles like `work`, or rejects with NoAnswer after `deadlineMs`. */
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
