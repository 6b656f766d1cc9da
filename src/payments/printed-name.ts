/** The name and the city of a Pix code, in the letters that a bank prints (R39). */

const MARKS = /\p{M}/gu;
/** What the EMV specification calls "ans", without what breaks a line of a statement. */
const NOT_PRINTED = /[^A-Za-z0-9 .,&'()/+-]/g;

/** As it is printed: without accents, in capitals, without what a bank leaves out. */
export function printedName(text: string): string {
  const folded = text.replaceAll('ß', 'ss').replaceAll(/[Øø]/g, 'o').replaceAll(/[Łł]/g, 'l').replaceAll(/[Ææ]/g, 'ae');
  const ascii = folded.normalize('NFKD').replace(MARKS, '').replace(NOT_PRINTED, ' ');
  return ascii.replaceAll(/ +/g, ' ').trim().toUpperCase();
}

/** Why a bank could not print it in `max` characters; null: it could. */
export function whyNotPrinted(text: string, max: number): string | null {
  const printed = printedName(text);
  if (!/[A-Z]/.test(printed)) return 'must have a letter that a bank prints: A to Z, with or without an accent.';
  return printed.length > max ? `must have at most ${max} characters as a bank prints it.` : null;
}
