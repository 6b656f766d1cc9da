/** Reads a Pix key as people write it, and converts it to the form that banks know (R39). */
import { cnpj, cpf } from 'cpf-cnpj-validator';

type PixKeyKind = 'CPF' | 'CNPJ' | 'PHONE' | 'EMAIL' | 'RANDOM';

export interface PixKey {
  readonly kind: PixKeyKind;
  /** In the form of the Central Bank's directory (DICT): digits, +55…, or lower-case letters. */
  readonly key: string;
}

/** The longest key in the directory, an e-mail. */
const MAX_PIX_KEY_CHARACTERS = 77;

const PIX_KEY_KINDS = 'a CPF, a CNPJ, a telephone with its area code, an e-mail or a random key';

const RANDOM = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/;
/** The directory's pattern for an e-mail, which requires a dot in the domain. */
const EMAIL = /^[a-z0-9.!#$&'*+/=?^_`{|}~-]+@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const FORMATTED_CPF = /^\d{3}\.\d{3}\.\d{3}-\d{2}$/;
const CNPJ = /^[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}\/?[0-9A-Z]{4}-?\d{2}$/;
/** What people write between the digits of a telephone. */
const PHONE = /^\+?[\d\s().-]+$/;
/** One of the 67 area codes, then a mobile number of nine digits or a landline number of eight. */
const BRAZILIAN_NUMBER = /^(?:[14689][1-9]|2[12478]|3[1-578]|5[1345]|7[134579])(?:9\d{8}|[2-5]\d{7})$/;
const BRAZIL = '55';
const FOREIGN_NUMBER = /^[1-9]\d{7,14}$/;

/** The key, or a sentence that says why `written` is not a key. */
export function readPixKey(written: string): PixKey | string {
  const text = written.trim();
  if (text.includes('@')) return emailOf(text.toLowerCase());
  if (RANDOM.test(text.toLowerCase())) return { kind: 'RANDOM', key: withHyphens(text.toLowerCase().replaceAll('-', '')) };
  if (FORMATTED_CPF.test(text))
    return isCpf(cpf.strip(text)) ? { kind: 'CPF', key: cpf.strip(text) } : 'is not a CPF: its check digits are wrong.';
  if (CNPJ.test(text.toUpperCase()) && cnpj.strip(text).length === 14) return cnpjOf(text);
  if (!PHONE.test(text)) return `must be ${PIX_KEY_KINDS}.`;
  return digitsOf(text);
}

/** The key for a code, from a stored key, in which eleven digits alone are a CPF. Null if no bank knows the key. */
export function storedPixKey(stored: string): string | null {
  if (/^\d{11}$/.test(stored) && isCpf(stored)) return stored;
  const read = readPixKey(stored);
  return typeof read === 'string' ? null : read.key;
}

function emailOf(text: string): PixKey | string {
  if (text.length > MAX_PIX_KEY_CHARACTERS) return `must have at most ${MAX_PIX_KEY_CHARACTERS} characters.`;
  return EMAIL.test(text) ? { kind: 'EMAIL', key: text } : 'is not an e-mail address.';
}

function cnpjOf(text: string): PixKey | string {
  return cnpj.isValid(text) ? { kind: 'CNPJ', key: cnpj.strip(text) } : 'is not a CNPJ: its check digits are wrong.';
}

/** Eleven digits are a CPF or a mobile number. If they could be both, a wrong guess would pay a stranger, so the text is refused. */
function digitsOf(text: string): PixKey | string {
  const phone = phoneOf(text);
  const isBare = /^\d{11}$/.test(text);
  if (!isBare || !isCpf(text)) return phone ?? (isBare ? 'is neither a CPF nor a telephone.' : 'is not a telephone with its area code.');
  return phone === null ? { kind: 'CPF', key: text } : 'may be a CPF or a telephone: write 000.000.000-00 or +55 00 90000-0000.';
}

function phoneOf(text: string): PixKey | null {
  const digits = text.replaceAll(/\D/g, '');
  const isInternational = text.startsWith('+');
  if (isInternational && !digits.startsWith(BRAZIL)) return FOREIGN_NUMBER.test(digits) ? { kind: 'PHONE', key: `+${digits}` } : null;
  // With the country code a number has twelve or thirteen digits. A long-distance prefix is a 0.
  const hasCountry = digits.startsWith(BRAZIL) && (isInternational || digits.length > 11);
  const number = hasCountry ? digits.slice(BRAZIL.length) : digits.replace(/^0/, '');
  return BRAZILIAN_NUMBER.test(number) ? { kind: 'PHONE', key: `+${BRAZIL}${number}` } : null;
}

/** Checks only the check digits: the library's own check also refuses well-known numbers. */
function isCpf(digits: string): boolean {
  if (/^(\d)\1*$/.test(digits)) return false;
  const first = cpf.verifierDigit(digits.slice(0, 9));
  return digits.endsWith(`${first}${cpf.verifierDigit(`${digits.slice(0, 9)}${first}`)}`);
}

function withHyphens(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
