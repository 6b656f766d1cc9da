import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidState } from '../../src/kernel/errors.ts';
import { createSecretBox } from '../../src/kernel/secrets.ts';

const [OLD, NEW] = [Buffer.alloc(32, 'old'), Buffer.alloc(32, 'new')];

test('any text comes back unchanged, sealed differently each time', () => {
  const box = createSecretBox([NEW]);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, context) => {
      const sealed = box.seal(text, context);
      expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]+$/);
      expect(box.open(sealed, context)).toBe(text);
      expect(box.seal(text, context)).not.toBe(sealed);
    }),
  );
});

test('a sealed text that was changed, or sealed for another row, does not open', () => {
  const box = createSecretBox([NEW]);
  const sealed = box.seal('a secret', 'row 1');
  expect(() => box.open(sealed, 'row 2')).toThrow();
  const parts = sealed.split('.');
  for (const [index, part] of parts.entries()) {
    const changed = part.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    // The last character of a base64 text may contain unused bits, so the first is changed as well.
    const other = parts
      .with(
        index,
        changed.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
      )
      .join('.');
    expect(() => box.open(other, 'row 1'), other).toThrow();
  }
  for (const malformed of ['', 'v1', 'v1...', parts.slice(0, 3).join('.')]) expect(() => box.open(malformed, 'row 1')).toThrow();
});

test('a new first key seals from now on, and the old one still opens what it has sealed', () => {
  const before = createSecretBox([OLD]).seal('a secret', 'row');
  const both = createSecretBox([NEW, OLD]);
  expect(both.open(before, 'row')).toBe('a secret');
  const after = both.seal('a secret', 'row');
  expect(createSecretBox([NEW]).open(after, 'row')).toBe('a secret');
  expect(() => createSecretBox([OLD]).open(after, 'row')).toThrow('an unknown key');
});

test('without a key both are refused with an expected error', () => {
  const box = createSecretBox([]);
  expect(() => box.seal('a secret', 'row')).toThrow(InvalidState);
  expect(() => box.open(createSecretBox([NEW]).seal('a secret', 'row'), 'row')).toThrow(InvalidState);
});
