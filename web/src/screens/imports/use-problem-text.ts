/** Translates a problem of a file into the chosen language. */

import { useTranslation } from 'react-i18next';
import { inWords } from '../../ui/field-problems.ts';
import { problemWord } from './problem-words.ts';

/** Translates the messages about files, and those that forms also have. Other messages are shown as the server sent them. */
export function useProblemText(): (message: string) => string {
  const { t } = useTranslation('imports');
  return (message) => {
    const known = problemWord(message);
    return known === null ? inWords(message) : t(`messages.${known.word}`, { first: known.first, second: known.second });
  };
}
