/** What is a Pix key, and how banks write it (R39). */
import { cnpj, cpf } from 'cpf-cnpj-validator';
import { assert, constantFrom, integer, property } from 'fast-check';
import { parsePix } from 'pix-utils';
import { describe, expect, test } from 'vitest';
import { pixCode } from '../../src/payments/pix.ts';
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
  test.each(READ)('R39: %j is a %s, stored as banks know it', (written, kind, key) => {
    expect(readPixKey(written)).toEqual({ kind, key });
    expect(storedPixKey(key)).toBe(key);
  });

  test.each(REFUSED)('R39: %j is refused with a sentence that does not repeat it', (written) => {
    const read = readPixKey(written);
    expect(typeof read).toBe('string');
    if (written.length > 5) expect(read).not.toContain(written);
  });

  test('R39: eleven digits that are a CPF and a mobile are refused until they say which', () => {
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

  test('R39: every mobile of Brazil is stored in E.164, however it is written', () => {
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

  test('R39: a code carries the key as banks know it, and a key of before that no bank knows makes none', () => {
    const receiver = { pixKey: '(11) 98888-7777', merchantName: 'Loja ★ Pão', merchantCity: 'São Paulo' };
    const id = '0190d5a1-7b1c-7000-8000-00000000beef';
    expect(parsePix(pixCode(receiver, 1_234, id) ?? '')).toMatchObject({
      pixKey: '+5511988887777',
      merchantName: 'LOJA PAO',
      merchantCity: 'SAO PAULO',
    });
    expect(pixCode({ ...receiver, pixKey: 'minha chave' }, 1_234, id)).toBeNull();
    expect(pixCode({ ...receiver, merchantName: '★' }, 1_234, id)).toBeNull();
  });
});

/** A CPF that is a mobile of São Paulo as well. */
function bothKinds(): string {
  const nine = '119888877';
  const first = cpf.verifierDigit(nine);
  return `${nine}${first}${cpf.verifierDigit(`${nine}${first}`)}`;
}
