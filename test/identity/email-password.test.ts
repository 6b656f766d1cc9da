import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { emailSchema } from '../../src/domain/identity/email.ts';
import { Overloaded } from '../../src/kernel/errors.ts';
import { times } from './people.ts';

// Every call reaches the real function; this only records the hash. It is in place before the module under test is loaded.
const argon2: typeof import('@node-rs/argon2') = createRequire(import.meta.url)('@node-rs/argon2');
const { verify } = argon2;
const verified: unknown[] = [];
Object.assign(argon2, {
  verify(...given: Parameters<typeof verify>) {
    verified.push(given[0]);
    return verify(...given);
  },
});
const { createPasswords, passwordSchema } = await import('../../src/domain/identity/passwords.ts');

describe('an e-mail', () => {
  test.each([
    [' Ana@Example.COM ', 'ana@example.com'],
    ['ａｎａ＠example.com', 'ana@example.com'],
    ['José@exämple.com', 'josé@xn--exmple-cua.com'],
    ['x@MÜNCHEN.test', 'x@xn--mnchen-3ya.test'],
    ['x@xn--mnchen-3ya.test', 'x@xn--mnchen-3ya.test'],
    ['a@X.test.', 'a@x.test'],
    ['a@x。test', 'a@x.test'],
    ['a@STRAẞE.test', 'a@xn--strae-oqa.test'],
    ['a@127.1', 'a@127.1'],
    ['a@b/c', 'a@b/c'],
    ['a@b', 'a@b'],
  ])('%j has one normal form', (typed, normal) => {
    expect(emailSchema.parse(typed)).toBe(normal);
  });

  test.each(['', 'a@', 'a@.', 'a@。', '@b', 'ab', 'a@b@c', 'a b@c.com', 'a\u200b@c.com', 'a\u0000@c.com', `${'a'.repeat(250)}@b.com`])(
    'is not %j',
    (typed) => {
      expect(emailSchema.safeParse(typed).success).toBe(false);
    },
  );
});

describe('a password', () => {
  test.each([
    ['a'.repeat(9), false],
    ['a'.repeat(10), true],
    ['🔑'.repeat(9), false],
    ['🔑'.repeat(128), true],
    ['a'.repeat(128), true],
    ['a'.repeat(129), false],
    ['a'.repeat(100_000), false],
  ])('has 10 to 128 characters, however many units they take (%#)', (password, expected) => {
    expect(passwordSchema.safeParse(password).success).toBe(expected);
  });

  test('is stored as argon2id of 19 MiB, two passes and one lane, with its own salt', async () => {
    const passwords = createPasswords({ maxConcurrent: 2 });
    const [first, second] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
    expect(await passwords.verify(first, 'correct horse')).toBe(true);
    expect(await passwords.verify(first, 'correct house')).toBe(false);
  });

  test('is the same however its accents are composed', async () => {
    const passwords = createPasswords({ maxConcurrent: 2 });
    const stored = await passwords.hash('senha é boa'.normalize('NFC'));
    expect(await passwords.verify(stored, 'senha é boa'.normalize('NFD'))).toBe(true);
  });

  test('that belongs to nobody is false, verified against a hash of equal cost', async () => {
    const passwords = createPasswords({ maxConcurrent: 2 });
    verified.length = 0;
    expect(await passwords.verify(null, 'correct horse')).toBe(false);
    expect(verified).toHaveLength(1);
    const cost = argon2.parseOptions(await passwords.hash('correct horse'));
    expect(argon2.parseOptions(String(verified[0]))).toEqual(cost);
  });

  test('waits for a bounded number of others, and beyond that is refused as Overloaded', async () => {
    const passwords = createPasswords({ maxConcurrent: 2, maxWaiting: 4 });
    const results = await Promise.allSettled(times(20, () => passwords.hash('correct horse')));
    const refusals = results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason);
    expect(refusals).toHaveLength(14);
    for (const refusal of refusals) expect(refusal).toBeInstanceOf(Overloaded);
    await expect(passwords.hash('correct horse')).resolves.toContain('$argon2id$');
  });
});
