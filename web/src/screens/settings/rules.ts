/** The validation of the settings forms. */

import { useTranslation } from 'react-i18next';

const PASSWORD = { min: 10, max: 128 };

/** Validators for the forms, which run before a request. */
export function useChecks() {
  const { t } = useTranslation('settings');
  return {
    filled: (text: string) => (text.trim() === '' ? t('required') : null),
    password: (text: string) => {
      const { length } = [...text];
      return length < PASSWORD.min || length > PASSWORD.max ? t('password.hint') : null;
    },
    within: (min: number, max: number) => (value: number | string) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? null : t('policy.range', { min, max }),
  };
}
