/** The form for how a file is read: detected values, which a person can correct. */

import { Accordion, Grid, Select, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { ImportEncoding, ImportFactsFragment, ImportField, PreviewImportInput } from '../../gql/graphql.ts';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { PreviewImportDocument } from './documents.ts';

const FIELDS: readonly ImportField[] = [
  ...(['kind', 'externalId', 'login', 'secret', 'email', 'name', 'parent', 'credits', 'expiresAt'] as const),
  ...(['screens', 'nextScreens', 'contact', 'whatsapp', 'telegram', 'notes', 'status', 'trial'] as const),
];
const SEPARATORS = [',', ';', '\t'] as const;
const ENCODINGS: readonly ImportEncoding[] = ['UTF_8', 'WINDOWS_1252'];
/** The value of a column that is not imported. No field has this name. */
const NOTHING = '';

/** Reads the file again with these values. */
export function ReadingForm({ found }: { found: ImportFactsFragment }) {
  const { t } = useTranslation('imports');
  const { columns, encoding, id, rootName, separator, timeZone } = found;
  const initialValues: { separator: string; encoding: string; timeZone: string; rootName: string; fields: string[] } = {
    separator: separator ?? '',
    encoding: encoding ?? '',
    timeZone,
    rootName: rootName ?? '',
    fields: columns.map(({ field }) => field ?? NOTHING),
  };
  const form = useForm({ initialValues });
  const intent = useIntent(
    async (apollo, input: PreviewImportInput) =>
      (await apollo.mutate({ mutation: PreviewImportDocument, variables: { input } })).data?.previewImport,
    { onRefused: (refusal) => form.setErrors(fieldProblems(refusal)) },
  );
  const submit = form.onSubmit((values) =>
    intent.send(() => ({
      importId: id,
      separator: values.separator === '' ? null : values.separator,
      encoding: ENCODINGS.find((one) => one === values.encoding) ?? null,
      timeZone: values.timeZone.trim(),
      rootName: values.rootName.trim(),
      columns: columns.map(({ heading }, index) => ({ heading, field: FIELDS.find((one) => one === values.fields[index]) ?? null })),
    })),
  );
  return (
    <Accordion variant="contained">
      <Accordion.Item value="reading">
        <Accordion.Control>{t('reading.title')}</Accordion.Control>
        <Accordion.Panel>
          <IntentForm intent={intent} onSubmit={submit} submitLabel={t('reading.again')}>
            <Text size="sm" c="dimmed">
              {t('reading.text')}
            </Text>
            <Grid>
              <Grid.Col span={{ base: 12, sm: 6 }}>
                <Select
                  label={t('reading.separator')}
                  data={[
                    { value: '', label: t('reading.findOut') },
                    ...SEPARATORS.map((value) => ({
                      value,
                      label: t(`reading.separators.${value === ',' ? 'comma' : value === ';' ? 'semicolon' : 'tab'}`),
                    })),
                  ]}
                  allowDeselect={false}
                  {...form.getInputProps('separator')}
                />
              </Grid.Col>
              <Grid.Col span={{ base: 12, sm: 6 }}>
                <Select
                  label={t('reading.encoding')}
                  data={[
                    { value: '', label: t('reading.findOut') },
                    ...ENCODINGS.map((value) => ({ value, label: t(`reading.encodings.${value}`) })),
                  ]}
                  allowDeselect={false}
                  {...form.getInputProps('encoding')}
                />
              </Grid.Col>
              <Grid.Col span={{ base: 12, sm: 6 }}>
                <TextInput label={t('upload.timeZone')} description={t('upload.timeZoneHint')} {...form.getInputProps('timeZone')} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, sm: 6 }}>
                <TextInput label={t('upload.rootName')} description={t('upload.rootNameHint')} {...form.getInputProps('rootName')} />
              </Grid.Col>
              {columns.map(({ heading }, index) => (
                <Grid.Col key={heading} span={{ base: 12, sm: 6 }}>
                  <Select
                    label={t('reading.column', { heading })}
                    data={[
                      { value: NOTHING, label: t('reading.notTaken') },
                      ...FIELDS.map((value) => ({ value, label: t(`fields.${value}`) })),
                    ]}
                    allowDeselect={false}
                    {...form.getInputProps(`fields.${index}`)}
                  />
                </Grid.Col>
              ))}
            </Grid>
          </IntentForm>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
