// Remembers what tests open, so that what nobody closed, because a set-up or a test failed, is closed behind the file.
type Close = () => Promise<unknown>;

const open = new Set<Close>();

/** The same, to be called any number of times; the end of the test file calls it, too. */
export function closedAtEnd(close: Close): () => Promise<void> {
  let closing: Promise<unknown> | undefined;
  const once = async () => {
    open.delete(once);
    closing ??= close();
    await closing;
  };
  open.add(once);
  return once;
}

/** The newest first, each whatever became of the others. */
export async function closeLeftovers(): Promise<void> {
  for (const close of [...open].reverse()) await close().catch((error: unknown) => console.error('a leftover did not close', error));
}
