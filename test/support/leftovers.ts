// Remembers what tests open, and closes the rest at the end of the file if a set-up hook or a test failed.
type Close = () => Promise<unknown>;

const open = new Set<Close>();

/** Returns `close`, which may now be called any number of times. The end of the test file calls it too. */
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

/** Closes the newest first. One that fails to close does not keep the others open. */
export async function closeLeftovers(): Promise<void> {
  for (const close of [...open].reverse()) await close().catch((error: unknown) => console.error('a leftover did not close', error));
}
