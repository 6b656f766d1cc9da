/** The types of the word files, so that a missing translation does not compile. */

/** What a file of words exports, under the file's own name. */
export interface Words {
  readonly [key: string]: string | Words;
}

/** The same keys in another language. */
export type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]> };

/**
 * What a screen may load: each English file adds itself. English has every key; the compiler sees to it that the translations have
 * them too.
 * @public
 */
// biome-ignore lint/suspicious/noEmptyInterface: the files add to it
export interface Resources {}

export type Namespace = keyof Resources;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: Resources;
  }
}
