/** Sets up i18next: languages, plurals, and words loaded with their screen. */

import { createInstance } from 'i18next';
import LanguageDetector from 'i18next-browser-languagedetector';
import { initReactI18next } from 'react-i18next';
import { load } from '../data/missing-code.ts';
import type { Namespace, Words } from './words.ts';

export const LANGUAGES = { 'pt-BR': 'Português', en: 'English' } as const;

const STORED_AS = 'revenda-language';

/** Every file of words is a chunk of its own: a screen brings its words, in one language. */
const files = import.meta.glob<Record<string, Words>>('./{en,pt}/*.ts');

const backend = {
  type: 'backend' as const,
  init: () => {},
  async read(language: string, namespace: string): Promise<Words> {
    const code = files[`./${language === 'en' ? 'en' : 'pt'}/${namespace}.ts`];
    const file = code && (await load(code));
    const words = file?.[namespace];
    if (words === undefined) throw new Error(`there are no words ${namespace} in ${language}`);
    return withMany(words);
  },
};

/** Portuguese has a plural of its own for whole millions; its words are those of any other number. */
function withMany(words: Words): Words {
  return Object.fromEntries(
    Object.entries(words).flatMap(([key, value]): [string, string | Words][] => {
      if (typeof value !== 'string') return [[key, withMany(value)]];
      return key.endsWith('_other')
        ? [
            [key, value],
            [key.replace(/_other$/, '_many'), value],
          ]
        : [[key, value]];
    }),
  );
}

export const i18n = createInstance();

/** Resolves when the words of the frame are there. Without a choice made before, the browser's language decides. */
export async function startI18n(): Promise<void> {
  i18n.on('languageChanged', (language) => {
    document.documentElement.lang = language;
    const manifest = language === 'en' ? '/manifest.en.webmanifest' : '/manifest.webmanifest';
    document.querySelector('link[rel=manifest]')?.setAttribute('href', manifest);
  });
  await i18n
    .use(backend)
    .use(LanguageDetector)
    .use(initReactI18next)
    .init({
      supportedLngs: Object.keys(LANGUAGES),
      fallbackLng: 'pt-BR',
      load: 'currentOnly',
      ns: ['common', 'errors'],
      defaultNS: 'common',
      interpolation: { escapeValue: false },
      detection: {
        order: ['localStorage', 'navigator'],
        lookupLocalStorage: STORED_AS,
        caches: ['localStorage'],
        convertDetectedLanguage: (language) => (language.toLowerCase().startsWith('pt') ? 'pt-BR' : 'en'),
      },
    });
}

/** For a screen's loader: its words come together with its code. */
export function loadWords(...namespaces: Namespace[]): Promise<void> {
  return i18n.loadNamespaces(namespaces);
}
