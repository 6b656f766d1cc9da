import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contactKeyOf, folded, searchKeyOf } from '../../src/domain/customer/contact.ts';

const spaces = fc.array(fc.constantFrom(' ', '\t', '\u00a0', '\u200b', '\u2009'), { maxLength: 2 }).map((parts) => parts.join(''));
/** The same characters with spaces strewn in. */
const spaced = (text: string) =>
  fc
    .array(spaces, { minLength: text.length, maxLength: text.length })
    .map((gaps) => [...text].map((one, index) => one + (gaps[index] ?? '')).join(''));
const word = fc.stringMatching(/^[a-z0-9._-]{1,12}$/);

describe('one contact, however it is written', () => {
  test.each([
    ['+55 (11) 98888-7777', '11988887777', '011 98888 7777', '5511988887777', '0055 11 98888.7777', '(11)98888–7777', '+55 11 98888-7777'],
    ['(11) 3888-7777', '1138887777', '+551138887777'],
    ['+1 (212) 555-1234', '001 212 555 1234', '+12125551234'],
    ['Ana.Souza@Example.com', ' ana.souza@example.com ', 'ana.souza+tv@example.com', 'ANA.SOUZA+1+2@EXAMPLE.COM'],
    ['@Maria_TV', '@maria_tv', ' @ maria_tv'],
    ['João da Silva', 'joão DA silva', 'joãodasilva'],
  ])('%s', (first, ...others) => {
    for (const other of others) expect(contactKeyOf(other), other).toBe(contactKeyOf(first));
  });

  test.each([
    ['ana.souza@example.com', 'anasouza@example.com'],
    ['+tag@example.com', '+other@example.com'],
    ['11 98888-7777', '21 98888-7777'],
    ['+55 11 98888-7777', '+1 11 98888-7777'],
    ['joão', 'joao'],
    ['1234', '12345'],
  ])('is not another: %s and %s', (one, other) => {
    expect(contactKeyOf(one)).not.toBe(contactKeyOf(other));
  });

  test('a key is its own key, and is never empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (contact) => {
        const key = contactKeyOf(contact);
        expect(contactKeyOf(key)).toBe(key);
        expect(key).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  test('case, spaces and tags of an e-mail do not matter', () => {
    const written = fc
      .tuple(word, word, word)
      .chain(([local, tag, domain]) => fc.tuple(fc.constant(`${local}@${domain}.com`), spaced(`${local}+${tag}@${domain}.com`)));
    fc.assert(
      fc.property(written, fc.boolean(), ([plain, other], loud) => {
        expect(contactKeyOf(loud ? other.toUpperCase() : other)).toBe(contactKeyOf(plain));
      }),
    );
  });

  test('the format of a Brazilian mobile number does not matter', () => {
    const written = fc
      .tuple(fc.constantFrom(11, 19, 21, 27, 31, 41, 47, 51, 55, 61, 71, 81, 85, 91, 99), fc.integer({ min: 0, max: 99_999_999 }))
      .chain(([area, number]) => {
        const rest = String(number).padStart(8, '0');
        const forms = [`${area}9${rest}`, `+55${area}9${rest}`, `0${area}9${rest}`, `+55 (${area}) 9${rest.slice(0, 4)}-${rest.slice(4)}`];
        return fc.tuple(fc.constant(`+55${area}9${rest}`), fc.constantFrom(...forms).chain(spaced));
      });
    fc.assert(
      fc.property(written, ([plain, other]) => {
        expect(contactKeyOf(other)).toBe(plain);
      }),
    );
  });
});

describe('what is searched', () => {
  test('has neither accents nor capitals, and folding it again changes nothing', () => {
    expect(folded('ÁÉÍÕÇ Ünîcode İ ﬁ')).toBe('aeioc unicode i fi');
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => folded(folded(text)) === folded(text)));
  });

  test('holds name, contact, and the contact as one number', () => {
    expect(searchKeyOf('João', '(11) 98888-7777', '+5511988887777')).toBe('joao\n(11) 98888-7777\n+5511988887777');
    expect(searchKeyOf('Ana', null, null)).toBe('ana');
    expect(searchKeyOf('Ana', 'Ana', 'ana')).toBe('ana');
  });
});
