// Plays a property again until it has met all that it must meet: a rare word that chance left out is no fault of the code.

/** What is met so seldom is met by nothing any more. */
const MOST_ROUNDS = 10;
const OFTEN = 3;

/** Plays once, and again while one of the words was seen less than three times. Answers those that were still not seen so often. */
export function playUntilSeen(words: readonly string[], seen: ReadonlyMap<string, number>, play: () => void): string[] {
  return playUntilMet(play, () => words.filter((word) => (seen.get(word) ?? 0) < OFTEN));
}

/** Plays once, and again while something is missing. Answers what still is. */
export function playUntilMet(play: () => void, missing: () => string[]): string[] {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    play();
    if (missing().length === 0) break;
  }
  return missing();
}
