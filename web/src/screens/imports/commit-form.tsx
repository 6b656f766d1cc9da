/** The form with which the platform commits an import. */

import { Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { CommitImportInput, ImportFactsFragment, ImportMode } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { CommitImportDocument } from './documents.ts';

/** Commits exactly the preview that is shown, because a new preview has another hash. */
export function CommitForm({ found: { fileName, hash, id, rows, totals, validRows } }: { found: ImportFactsFragment }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const isWhole = validRows === rows;
  const [mode, setMode] = useState<ImportMode>(isWhole ? 'ALL' : 'VALID_ONLY');
  const intent = useIntent(
    async (apollo, input: CommitImportInput) =>
      (await apollo.mutate({ mutation: CommitImportDocument, variables: { input } })).data?.commitImport,
  );
  return (
    <IntentForm
      intent={intent}
      about={fileName ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        intent.send((idempotencyKey) => ({ importId: id, hash, mode, idempotencyKey }));
      }}
      submitLabel={t('commit.submit')}
      isBlocked={validRows === 0}
    >
      {isWhole ? null : (
        <Radio.Group label={t('commit.which')} value={mode} onChange={(value) => setMode(value === 'ALL' ? 'ALL' : 'VALID_ONLY')}>
          <Stack gap="xs" mt="xs">
            <Radio value="VALID_ONLY" label={t('commit.validOnly')} />
            <Radio value="ALL" label={t('commit.all')} disabled />
          </Stack>
        </Radio.Group>
      )}
      <Text size="sm">
        {t('commit.text', {
          resellers: format.number(totals.resellers),
          credits: format.number(totals.credits),
          customers: format.number(totals.customers),
          screenDays: format.number(totals.screenDays),
        })}
      </Text>
    </IntentForm>
  );
}
