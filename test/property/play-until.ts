// Repeats a property until it has met every required case: a rare case that chance left out is no error of the code.

/** A case that is still missing after this many rounds cannot occur any more. */
const MOST_ROUNDS = 10;
const OFTEN = 3;

/**
 * Runs `play`, and again while one of the words was seen fewer than three times. Returns the words that were still
 * seen too rarely.
 */
export function playUntilSeen(words: readonly string[], seen: ReadonlyMap<string, number>, play: () => void): string[] {
  return playUntilMet(play, () => words.filter((word) => (seen.get(word) ?? 0) < OFTEN));
}

/** Runs `play`, and again while something is missing. Returns what is still missing. */
export function playUntilMet(play: () => void, missing: () => string[]): string[] {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    play();
    if (missing().length === 0) break;
  }
  return missing();
}
