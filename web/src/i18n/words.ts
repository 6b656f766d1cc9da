/** The types of the word files, so that a missing translation does not compile. */

import type { access } from './en/access.ts';
import type { buying } from './en/buying.ts';
import type { common } from './en/common.ts';
import type { customers } from './en/customers.ts';
import type { errors } from './en/errors.ts';
import type { help } from './en/help.ts';
import type { home } from './en/home.ts';
import type { recovery } from './en/recovery.ts';
import type { resellers } from './en/resellers.ts';
import type { settings } from './en/settings.ts';
import type { statement } from './en/statement.ts';

/** What a file of words exports, under the file's own name. */
export interface Words {
  readonly [key: string]: string | Words;
}

/** The same keys in another language. */
export type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]> };

/** English has every key; the compiler sees to it that the translations have them too. */
interface Resources {
  access: typeof access;
  buying: typeof buying;
  common: typeof common;
  customers: typeof customers;
  errors: typeof errors;
  help: typeof help;
  home: typeof home;
  recovery: typeof recovery;
  resellers: typeof resellers;
  statement: typeof statement;
  settings: typeof settings;
}

export type Namespace = keyof Resources;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: Resources;
  }
}
