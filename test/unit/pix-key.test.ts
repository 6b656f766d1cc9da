/** Which texts are Pix keys, and the form in which banks store them (R39). */
import { cnpj, cpf } from 'cpf-cnpj-validator';
import { assert, asyncProperty, constantFrom, integer, property } from 'fast-check';
import { parsePix } from 'pix-utils';
import { describe, expect, test } from 'vitest';
import { cardPixCode, pixCode } from '../../src/payments/pix.ts';
import { readPixKey, storedPixKey } from '../../src/payments/pix-key.ts';
import { printedName, whyNotPrinted } from '../../src/payments/printed-name.ts';

const READ: readonly (readonly [written: string, kind: string, key: string])[] = [
  ['123.456.789-09', 'CPF', '12345678909'],
  [' 52998224725\n', 'CPF', '52998224725'],
  ['11.222.333/0001-81', 'CNPJ', '11222333000181'],
  ['12.abc.345/01de-35', 'CNPJ', '12ABC34501DE35'],
  ['(11) 98888-7777', 'PHONE', '+5511988887777'],
  ['+55 11 98888-7777', 'PHONE', '+5511988887777'],
  ['5511988887777', 'PHONE', '+5511988887777'],
  ['011 98888-7777', 'PHONE', '+5511988887777'],
  ['11988887777', 'PHONE', '+5511988887777'],
  ['(47) 3333-4444', 'PHONE', '+554733334444'],
  ['+351 912 345 678', 'PHONE', '+351912345678'],
  [' a@b.c\n', 'EMAIL', 'a@b.c'],
  ['Loja@Pix.Test', 'EMAIL', 'loja@pix.test'],
  ['123E4567-E89B-42D3-A456-426614174000', 'RANDOM', '123e4567-e89b-42d3-a456-426614174000'],
  ['123e4567e89b42d3a456426614174000', 'RANDOM', '123e4567-e89b-42d3-a456-426614174000'],
];

const REFUSED = [
  ...['', ' ', 'minha chave', '123.456.789-00', '111.111.111-11', '11.222.333/0001-82', '00000000000000', '12ABC34501DE36'],
  ...['8888-7777', '(11) 8888-7777', '(20) 98888-7777', '5511', '+55 11 8888', '+5511988887777777', '1234567890123456'],
  ...['a@', '@b.c', 'a b@c.d', 'a@b', 'a@b..c', 'é@b.c', `${'a'.repeat(74)}@b.c`, 'a@b.c\nd@e.f'],
  ...['123e4567-e89b-42d3-a456-42661417400', 'https://wa.me/5511988887777', 'pix: a@b.c', '123.456.789-09\u200b'],
];

describe('a Pix key', () => {
  test.each(READ)('R39: %j is a %s, stored in the form of banks', (written, kind, key) => {
    expect(readPixKey(written)).toEqual({ kind, key });
    expect(storedPixKey(key)).toBe(key);
  });

  test.each(REFUSED)('R39: %j is refused with a sentence that does not repeat it', (written) => {
    const read = readPixKey(written);
    expect(typeof read).toBe('string');
    if (written.length > 5) expect(read).not.toContain(written);
  });

  test('R39: eleven digits that are a CPF and a mobile number are refused until they say which', () => {
    const both = bothKinds();
    expect(readPixKey(both)).toMatch(/CPF or a telephone/);
    expect(readPixKey(cpf.format(both))).toEqual({ kind: 'CPF', key: both });
    expect(readPixKey(`+55${both}`)).toEqual({ kind: 'PHONE', key: `+55${both}` });
    expect(storedPixKey(both)).toBe(both);
  });

  test('R39: every CPF and CNPJ with right check digits is read, and none with a wrong one', () => {
    assert(
      property(constantFrom(cpf, cnpj), integer({ min: 1, max: 9 }), (kind, step) => {
        const good = kind.format(kind.generate());
        expect(readPixKey(good)).toMatchObject({ key: kind.strip(good) });
        const last = (Number(good.at(-1)) + step) % 10;
        expect(typeof readPixKey(`${good.slice(0, -1)}${last}`)).toBe('string');
      }),
    );
  });

  test('R39: every mobile number of Brazil is stored in E.164, however it is written', () => {
    const area = constantFrom('11', '21', '38', '47', '55', '63', '79', '81', '99');
    assert(
      property(area, integer({ min: 0, max: 99_999_999 }), (ddd, rest) => {
        const local = `9${String(rest).padStart(8, '0')}`;
        const key = `+55${ddd}${local}`;
        for (const written of [`(${ddd}) ${local.slice(0, 5)}-${local.slice(5)}`, key, `55 ${ddd} ${local}`, `0${ddd}${local}`])
          expect(readPixKey(written)).toEqual({ kind: 'PHONE', key });
      }),
    );
  });
});

describe('the name on a Pix code', () => {
  test('R39: is printed in ASCII capitals, and refused without a letter or too long for the code', () => {
    expect(printedName('  Loja São João ★ Ltda. ')).toBe('LOJA SAO JOAO LTDA.');
    expect(printedName('Łódź Straße')).toBe('LODZ STRASSE');
    for (const none of ['日本語', '★★★', '12345', '...', '\u2800']) expect(whyNotPrinted(none, 25)).toMatch(/letter/);
    expect(whyNotPrinted('ß'.repeat(13), 25)).toMatch(/25 characters/);
    expect(whyNotPrinted('Padaria Pão de Açúcar', 25)).toBeNull();
  });

  test('R39: a code has the key in the form of banks, and an old invalid key makes no code', async () => {
    const receiver = { pixKey: '(11) 98888-7777', merchantName: 'Loja ★ Pão', merchantCity: 'São Paulo' };
    const id = '0190d5a1-7b1c-7000-8000-00000000beef';
    expect(parsePix((await pixCode(receiver, 1_234, id)) ?? '')).toMatchObject({
      pixKey: '+5511988887777',
      merchantName: 'LOJA PAO',
      merchantCity: 'SAO PAULO',
    });
    expect(await pixCode({ ...receiver, pixKey: 'minha chave' }, 1_234, id)).toBeNull();
    expect(await pixCode({ ...receiver, merchantName: '★' }, 1_234, id)).toBeNull();
  });
});

/** A CPF that is also a mobile number of São Paulo. */
function bothKinds(): string {
  const nine = '119888877';
  const first = cpf.verifierDigit(nine);
  return `${nine}${first}${cpf.verifierDigit(`${nine}${first}`)}`;
}

/**
 * Reads a code without the library that writes it: tag, length, value, and a checksum (CRC-16/CCITT-FALSE) over
 * everything before it.
 */
function readBrCode(code: string): Record<string, string> {
  const fields = (text: string, prefix: string): [string, string][] => {
    const read: [string, string][] = [];
    for (let at = 0; at < text.length; ) {
      const tag = prefix + text.slice(at, at + 2);
      const value = text.slice(at + 4, at + 4 + Number(text.slice(at + 2, at + 4)));
      read.push([tag, value], ...(tag === '26' || tag === '62' ? fields(value, `${tag}.`) : []));
      at += 4 + value.length;
    }
    return read;
  };
  let crc = 0xffff;
  for (const byte of Buffer.from(code.slice(0, -4))) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  expect(code.slice(-4)).toBe(crc.toString(16).toUpperCase().padStart(4, '0'));
  return Object.fromEntries(fields(code, ''));
}

describe('a code to the key on a card', () => {
  /** From the Central Bank's manual of the BR Code. */
  const PUBLISHED =
    '00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D';

  test('R39: has the amount, the number as its txid, and the fields of the published example, with a valid checksum', async () => {
    const published = readBrCode(PUBLISHED);
    const ours = readBrCode(
      (await cardPixCode({ name: 'Ana Créditos', pixKey: '123e4567-e12b-12d1-a456-426655440000' }, 10_005, 1_042)) ?? '',
    );
    for (const tag of ['00', '26.01', '52', '53', '58']) expect(ours[tag], tag).toBe(published[tag]);
    expect(ours['26.00']?.toLowerCase()).toBe(published['26.00']);
    expect(ours).toMatchObject({ '54': '100.05', '59': 'ANA CREDITOS', '60': 'BRASIL', '62.05': '1042' });
  });

  // Such an end looks like the field of the checksum (tag 63, four characters), which pix-utils then took away a second time.
  test.each([6_304, 355_576_304, 'A6304'])(
    'R39: has a valid checksum when its txid ends like the field of the checksum: %s',
    async (named) => {
      const code = readBrCode((await cardPixCode({ name: 'Loja', pixKey: 'loja@pix.test' }, 1_000, named)) ?? '');
      expect(code['62.05']).toBe(String(named));
    },
  );

  test('R39: is made for any name, amount and number, and for no key that banks do not know', async () => {
    const pixKey = 'loja@pix.test';
    expect(readBrCode((await cardPixCode({ name: '日本語', pixKey }, 1, 1)) ?? '')).toMatchObject({
      '54': '0.01',
      '59': 'PIX',
      '62.05': '1',
    });
    expect(
      readBrCode((await cardPixCode({ name: 'Comércio de Créditos do Zé e Filhos', pixKey }, 999_999_999_999, 2_147_483_647)) ?? ''),
    ).toMatchObject({ '54': '9999999999.99', '59': 'COMERCIO DE CREDITOS DO Z', '62.05': '2147483647' });
    expect(await cardPixCode({ name: 'Loja', pixKey: 'minha chave' }, 1_234, 1)).toBeNull();
    await assert(
      asyncProperty(integer({ min: 1, max: 10 ** 12 - 1 }), integer({ min: 1, max: 2 ** 31 - 1 }), async (minor, number) => {
        const code = readBrCode((await cardPixCode({ name: 'Loja', pixKey }, minor, number)) ?? '');
        expect([Number(code['54']?.replace('.', '')), code['62.05']]).toEqual([minor, String(number)]);
      }),
    );
  });
});
