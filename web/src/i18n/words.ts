/** The types of the text files, so that a missing translation does not compile. */

/** The object that a text file exports, under the file's own name. */
export interface Words {
  readonly [key: string]: string | Words;
}

/** The same keys in another language. */
export type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]> };

/**
 * The text files that a screen may load; each English file adds itself. English has every key, and the compiler requires the
 * translations to have them too.
 * @public
 */
// biome-ignore lint/suspicious/noEmptyInterface: the English files extend it
export interface Resources {}

export type Namespace = keyof Resources;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: Resources;
  }
}
