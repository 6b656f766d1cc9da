import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { line, optional, prose, visibleProse } from '../../src/domain/text.ts';

const name = line(100);
const accepts = (value: string) => name.safeParse(value).success;

describe('a name (R44)', () => {
  test.each([
    'Ana',
    'João da Silva',
    'مؤسسة',
    'می\u200cخواهم',
    'क्\u200dष',
    '👨\u200d👩\u200d👧',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  ])('%s has the joiners that its script needs', (value) => expect(name.parse(value)).toBe(value));

  test.each(['❤️', '42', '-', '"', '§', '漢', 'toString', '__proto__', 'ﷺ'])('%s is visible', (value) =>
    expect(name.parse(value)).toBe(value),
  );

  test.each([
    ['nothing', ''],
    ['spaces', ' \u00a0\u3000'],
    ['zero width', '\u200b\u200d\ufeff'],
    ['joiners alone', '\u200d\u200c'],
    ['the blank of Braille', '\u2800\u2800'],
    ['Hangul fillers', '\u3164\u115f\uffa0'],
    ['a combining mark alone', '\u0301'],
    ['a note without a head', '\u{1d159}'],
    ['selectors', '\ufe0f\u{e0100}'],
    ['a line break', 'Ana\nSilva'],
    ['a carriage return', 'Ana\rSilva'],
    ['a separator of lines', 'Ana\u2028Silva'],
    ['a tab', 'Ana\tSilva'],
    ['an ANSI escape', '\u001b[31mAna'],
    ['an escape of eight bits', '\u009b31mAna'],
    ['a bidi override', 'Ana\u202egpj.exe'],
    ['a bidi isolate', '\u2066Ana\u2069'],
    ['a mark of direction', 'Ana\u200f'],
    ['a zero-width space', 'An\u200ba'],
    ['a soft hyphen', 'An\u00ada'],
    ['NUL', 'a\0'],
    ['half a pair', 'a\ud800'],
    ['101 characters', 'a'.repeat(101)],
    ['10 kB', 'ã'.repeat(10_240)],
  ])('cannot be %s', (_what, value) => expect(accepts(value)).toBe(false));

  test('R44: any accepted text is one line that shows something and reverses nothing', () => {
    const odd = fc.constantFrom('\u200b', '\u200d', '\u2800', '\u202e', '\n', '\u001b', 'a', '👩', ' ', '\ufe0f', '\u3164', 'é');
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.array(odd, { maxLength: 6 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (value) => {
        const result = name.safeParse(value);
        if (!result.success) return;
        expect(result.data).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
        expect(result.data.replace(/[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{M}\u2800\u{1d159}]/gu, '')).not.toBe('');
        expect(name.parse(result.data)).toBe(result.data);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('prose (R44)', () => {
  test('has lines, tabs and direction marks, and no other control character', () => {
    expect(prose(100).parse('a\r\n\tb \u200f c')).toBe('a\r\n\tb \u200f c');
    for (const value of ['\u001b[2J', 'a\u0007', 'a\u202eb', 'a\u2067b', '']) expect(prose(100).safeParse(value).success).toBe(false);
  });

  test('that gives a reason must be visible', () => {
    expect(visibleProse(100).parse(' a\nb ')).toBe('a\nb');
    expect(visibleProse(100).safeParse('\u2800\n').success).toBe(false);
  });

  test('left empty counts as absent', () => {
    expect(['  ', null, undefined].map((value) => optional(prose(9)).parse(value))).toEqual([null, null, undefined]);
  });
});
