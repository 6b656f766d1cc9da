import { expect, test } from 'vitest';
import { knownProblem } from '../../web/src/ui/known-problems.ts';
import { filesBelow, textOf } from './tree.ts';

/** A message about a field, in quotes. No SQL text in quotes begins with these words. */
const SENTENCE = /['`]((?:must|is|may|cannot|has|makes) [^'`]*\.)['`]/g;

/** Not forms: exports and lists (URL parameters), imports (test/house/import-words), and the endpoints for services. */
const ELSEWHERE = /^src\/domain\/(?:imports|report|access\/(?:acknowledge|check)-access|bad-input)/;

/** Messages for inputs that no form of the web application can send. */
const NO_FORM_SENDS = [
  // About a list that a button makes.
  'is used twice in this call.',
  'must not be empty.',
  'must hold at most 10.',
  // About a value that is chosen from a list, or that the form adds.
  'must be OWNER, OPERATOR, FINANCE or VIEWER.',
  'must be 0 for trials.',
  'is for a new customer only: use 10 instead.',
];

test('every message about a field that a form sends is translated into both languages', () => {
  const files = filesBelow(['src/domain', 'src/payments', 'src/ledger/rules'], ['.ts']).filter((file) => !ELSEWHERE.test(file));
  const texts = files.map(textOf);
  // Numbers replace the placeholders.
  const said = texts.flatMap((text) =>
    [
      ...text
        .replaceAll(/\$\{PIX_KEY_KINDS\}/g, 'a CPF, or another key')
        .replaceAll(/\$\{[^}]*\}/g, '10')
        .matchAll(SENTENCE),
    ].map((found) => found[1] ?? ''),
  );
  const sentences = [...new Set(said)];
  expect(sentences.length).toBeGreaterThan(50);
  expect(sentences.filter((sentence) => knownProblem(sentence) === null && !NO_FORM_SENDS.includes(sentence))).toEqual([]);
  // Every exception still exists in the code.
  expect(NO_FORM_SENDS.filter((sentence) => !sentences.includes(sentence))).toEqual([]);
});
