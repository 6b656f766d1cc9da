/** Converts the name and the city of a Pix code to the letters that a bank prints (R39). */

const MARKS = /\p{M}/gu;
/** Characters that are not "ans" in the EMV specification, or that break a line of a statement. */
const NOT_PRINTED = /[^A-Za-z0-9 .,&'()/+-]/g;

/** The printed form: in capitals, without accents and without characters that a bank omits. */
export function printedName(text: string): string {
  const folded = text.replaceAll('ß', 'ss').replaceAll(/[Øø]/g, 'o').replaceAll(/[Łł]/g, 'l').replaceAll(/[Ææ]/g, 'ae');
  const ascii = folded.normalize('NFKD').replace(MARKS, '').replace(NOT_PRINTED, ' ');
  return ascii.replaceAll(/ +/g, ' ').trim().toUpperCase();
}

/** Why a bank cannot print the text in `max` characters, or null if it can. */
export function whyNotPrinted(text: string, max: number): string | null {
  const printed = printedName(text);
  if (!/[A-Z]/.test(printed)) return 'must have a letter that a bank prints: A to Z, with or without an accent.';
  return printed.length > max ? `must have at most ${max} characters as a bank prints it.` : null;
}
