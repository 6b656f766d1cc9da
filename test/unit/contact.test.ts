import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contactKeyOf } from '../../src/domain/customer/contact.ts';
import { folded, searchedTexts, searchKeyOf } from '../../src/domain/customer/search-key.ts';

const spaces = fc.array(fc.constantFrom(' ', '\t', '\u00a0', '\u200b', '\u2009'), { maxLength: 2 }).map((parts) => parts.join(''));
/** The same characters with spaces inserted. */
const spaced = (text: string) =>
  fc
    .array(spaces, { minLength: text.length, maxLength: text.length })
    .map((gaps) => [...text].map((one, index) => one + (gaps[index] ?? '')).join(''));
const word = fc.stringMatching(/^[a-z0-9._-]{1,12}$/);

describe('one contact in any spelling', () => {
  test.each([
    ['+55 (11) 98888-7777', '11988887777', '011 98888 7777', '5511988887777', '0055 11 98888.7777', '(11)98888–7777', '+55 11 98888-7777'],
    ['(11) 3888-7777', '1138887777', '+551138887777'],
    ['+1 (212) 555-1234', '001 212 555 1234', '+12125551234'],
    ['Ana.Souza@Example.com', ' ana.souza@example.com ', 'ana.souza+tv@example.com', 'ANA.SOUZA+1+2@EXAMPLE.COM'],
    [
      '+55 47 99123-4567',
      ...['+55 47 9123-4567', '47 9123-4567', '(047) 9123.4567', '554791234567', '＋５５ ４７ ９９１２３ー４５６７'],
      ...['https://wa.me/5547991234567', 'WA.ME/+55 47 99123-4567', 'wa.me/554791234567?text=oi', 'https://wa.me/%2B5547991234567'],
      ...['https://wa.me/47991234567', 'http://www.wa.me/5547991234567/', 'https://api.whatsapp.com/send?phone=5547991234567&text=x'],
      ...['https://api.whatsapp.com/send/?text=x&phone=%2B55%2047%2099123-4567', 'https://web.whatsapp.com/send?phone=+5547991234567'],
      ...['whatsapp://send?phone=5547991234567', 'https://t.me/+5547991234567', 'tel:+55-47-99123-4567;ext=1', 'sms:+5547991234567?body=x'],
      ...['5547991234567@s.whatsapp.net', '554791234567:12@s.whatsapp.net', '5547991234567@c.us', 'Ana <+55 47 99123-4567>'],
      ...['Ana <tel:+5547991234567>', 'WhatsApp: 47 99123-4567', 'zap 47 99123-4567', 'tel:tel:%2B5547991234567'],
    ],
    [
      'a@b.test',
      ...['mailto:a@b.test', 'MAILTO:A+tv@B.test?subject=x', 'mailto:a%40b.test', 'mailto:mailto:mailto%3Aa@b.test', 'Name <a@b.test>'],
      ...['"Name, X" <A+1@b.TEST.>', '<mailto:a@b.test>', 'e-mail: a@b.test', 'a@b。test', 'ａ＠ｂ．ｔｅｓｔ'],
    ],
    [
      'x@münchen.test',
      'X@MÜNCHEN.test',
      'x@xn--mnchen-3ya.test',
      'x@XN--MNCHEN-3YA.test.',
      'mailto:x@münchen.test',
      'x@mu\u0308nchen.test',
    ],
    ['x@straße.test', 'x@STRAẞE.test', 'x@xn--strae-oqa.test'],
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
    ['x@straße.test', 'x@strasse.test'],
    ['a@b.test', 'а@b.test'],
    ['a@b@c.test', 'a@c.test'],
    ['+55 47 3123-4567', '+55 47 93123-4567'],
    ['+1 212 555 1234', '+1 212 955 51234'],
    ['https://wa.me/message/ABC', 'https://wa.me/message/ABD'],
    ['https://chat.whatsapp.com/Abc1', '1'],
    ['a@1.2', 'a@1.0.0.2'],
    ['constructor', 'toString'],
    ['1234', '12345'],
  ])('is not another: %s and %s', (one, other) => {
    expect(contactKeyOf(one)).not.toBe(contactKeyOf(other));
  });

  test('the key of a key is the key itself, and is never empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (contact) => {
        const key = contactKeyOf(contact);
        expect(contactKeyOf(key)).toBe(key);
        expect(key).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  test('R24: the key of anything that is wrapped, in whatever, is its own key', () => {
    const core = fc.oneof(
      fc.constantFrom('5547991234567', '47 9123-4567', 'a+b@c.test', 'a@münchen.test.', '5+7@s.whatsapp.net', '%2B5'),
      fc.string(),
    );
    const wrap = fc.constantFrom(
      'tel:',
      'mailto:',
      'https://wa.me/',
      'https://api.whatsapp.com/send?phone=',
      'N <',
      'zap ',
      'a@',
      '<<',
      'tel',
    );
    const end = fc.constantFrom('', '>', '?x=1', '@s.whatsapp.net', '.', '%', '%3E', '+1', '@b');
    fc.assert(
      fc.property(fc.array(wrap, { maxLength: 4 }), core, fc.array(end, { maxLength: 4 }), (before, middle, after) => {
        const key = contactKeyOf([...before, middle, ...after].join('') || 'x');
        expect(contactKeyOf(key)).toBe(key);
        expect(key).not.toBe('');
      }),
      { numRuns: 2_000 },
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

describe('the search key', () => {
  const found = (search: string, contact: string) => {
    const key = searchKeyOf('Ana', contact, contactKeyOf(contact));
    return searchedTexts(search).some((text) => key.includes(text));
  };
  const forms = [
    '+55 21 99876-5432',
    '(21) 99876-5432',
    '21998765432',
    '021 99876 5432',
    '5521998765432',
    '21 9876-5432',
    'wa.me/5521998765432',
  ];

  test.each(forms)('finds a telephone number stored as %s in every spelling, with or without its country and ninth digit', (contact) => {
    for (const search of [...forms, '99876-5432', '9876-5432', '+55 (21) 99876', '2199876', '5432'])
      expect(found(search, contact), search).toBe(true);
    for (const search of ['+55 11 99876-5432', '(21) 99876-5433', '+1 21 99876-5432']) expect(found(search, contact), search).toBe(false);
  });

  test('finds a name with digits as it is written', () => {
    const key = searchKeyOf('Cliente 42 - 2024/10', null, null);
    for (const search of ['42', 'cliente 42', '2024/10'])
      expect(
        searchedTexts(search).some((text) => key.includes(text)),
        search,
      ).toBe(true);
    expect(searchedTexts('  ')).toEqual([]);
    expect(searchedTexts('42')).toEqual(['42']);
  });

  test('has neither accents nor capitals, and folding it again changes nothing', () => {
    expect(folded('ÁÉÍÕÇ Ünîcode İ ﬁ')).toBe('aeioc unicode i fi');
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => folded(folded(text)) === folded(text)));
  });

  test('contains the name, the contact, and the contact as one number', () => {
    expect(searchKeyOf('João', '(11) 98888-7777', '+5511988887777')).toBe('joao\n(11) 98888-7777\n+5511988887777');
    expect(searchKeyOf('Ana', null, null)).toBe('ana');
    expect(searchKeyOf('Ana', 'Ana', 'ana')).toBe('ana');
  });
});
