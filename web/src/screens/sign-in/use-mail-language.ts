/** A hook that returns the language for e-mails to this person: the application's current one. */

import { useTranslation } from 'react-i18next';
import type { MailLanguage } from '../../gql/graphql.ts';

export function useMailLanguage(): MailLanguage {
  return useTranslation().i18n.language === 'en' ? 'EN' : 'PT';
}
