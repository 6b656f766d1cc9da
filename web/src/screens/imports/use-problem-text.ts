/** Says a problem of a file in the chosen language. */

import { useTranslation } from 'react-i18next';
import { inWords } from '../../ui/field-problems.ts';
import { problemWord } from './problem-words.ts';

/** What a value must be, as in forms, and what only files have. A sentence that is neither is shown as the server says it. */
export function useProblemText(): (message: string) => string {
  const { t } = useTranslation('imports');
  return (message) => {
    const known = problemWord(message);
    return known === null ? inWords(message) : t(`messages.${known.word}`, { first: known.first, second: known.second });
  };
}
