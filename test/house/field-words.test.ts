import { expect, test } from 'vitest';
import { knownProblem } from '../../web/src/ui/known-problems.ts';
import { filesBelow, textOf } from './tree.ts';

/** What is said of a field, in quotes of its own; SQL has none of these words there. */
const SENTENCE = /['`]((?:must|is|may|cannot|has|makes) [^'`]*\.)['`]/g;

/** Not of a form: exports and lists (parameters of addresses), imports (test/house/import-words), and the doors of services. */
const ELSEWHERE = /^src\/domain\/(?:imports|report|access\/(?:acknowledge|check)-access|bad-input)/;

/** What no form of the web application can send. */
const NO_FORM_SENDS = [
  // Of a list that a button makes.
  'is used twice in this call.',
  'must not be empty.',
  'must hold at most 10.',
  // Chosen from a list, or put in by the form itself.
  'must be OWNER, OPERATOR, FINANCE or VIEWER.',
  'must be 0 for trials.',
  'is for a new customer: see 10.',
];

test('whatever is said of a field that a form sends has words in both languages', () => {
  const files = filesBelow(['src/domain', 'src/payments', 'src/ledger/rules'], ['.ts']).filter((file) => !ELSEWHERE.test(file));
  const texts = files.map(textOf);
  // Numbers stand for what is put in.
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
  // Nothing stands here that is not said any more.
  expect(NO_FORM_SENDS.filter((sentence) => !sentences.includes(sentence))).toEqual([]);
});
