/** The language that a mail to this person is written in: the one that the application speaks. */

import { useTranslation } from 'react-i18next';
import type { MailLanguage } from '../../gql/graphql.ts';

export function useMailLanguage(): MailLanguage {
  return useTranslation().i18n.language === 'en' ? 'EN' : 'PT';
}
