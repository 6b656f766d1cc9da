import type { home as english } from '../en/home.ts';
import type { Translated } from '../words.ts';

export const home: Translated<typeof english> = {
  title: 'Início',
};
