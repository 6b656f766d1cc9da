/** Sets up i18next: languages, plurals, and texts that load with their screen. */

import { createInstance } from 'i18next';
import LanguageDetector from 'i18next-browser-languagedetector';
import { initReactI18next } from 'react-i18next';
import { load } from '../data/missing-code.ts';
import type { Namespace, Words } from './words.ts';

export const LANGUAGES = { 'pt-BR': 'Português', en: 'English' } as const;

const STORED_AS = 'revenda-language';

/** Every text file is a separate chunk, so that a screen loads only its own texts, in one language. */
const files = import.meta.glob<Record<string, Words>>('./{en,pt}/*.ts');

const backend = {
  type: 'backend' as const,
  init: () => {},
  async read(language: string, namespace: string): Promise<Words> {
    const code = files[`./${language === 'en' ? 'en' : 'pt'}/${namespace}.ts`];
    const file = code && (await load(code));
    const words = file?.[namespace];
    if (words === undefined) throw new Error(`there are no texts ${namespace} in ${language}`);
    return withMany(words);
  },
};

/** Portuguese has a separate plural form, `many`, for whole millions. It uses the text of `other`. */
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

/** Resolves when the texts of the frame are loaded. Without an earlier choice, uses the browser's language. */
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

/** For a screen's loader, which loads the screen's texts together with its code. */
export function loadWords(...namespaces: Namespace[]): Promise<void> {
  return i18n.loadNamespaces(namespaces);
}
