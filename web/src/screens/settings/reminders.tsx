/** The rules for reminding the panel's customers of the end of their service. */

import { useQuery } from '@apollo/client/react';
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useIntent } from '../../data/use-intent.ts';
import type { RemindersQuery, SetReminderRulesInput } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Failure } from '../../ui/failure.tsx';
import { fieldProblems } from '../../ui/field-problems.ts';
import { IntentForm } from '../../ui/intent-form.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { FormSkeleton } from '../../ui/skeletons.tsx';
import { useActionDisabledReason } from '../../ui/use-disabled-reason.ts';
import { RemindersDocument, SetReminderRulesDocument } from './reminder-documents.ts';
import { ReminderRow } from './reminder-row.tsx';
import { inputOf, newRule, problemsOf, type RuleValues, valuesOf } from './reminder-values.ts';
import { Section } from './section.tsx';

const MOST_RULES = 20;
/** The placeholders in each language. The server understands the names of both languages. */
const OFFERED = {
  'pt-BR': ['nome', 'vencimento', 'hora', 'dias', 'telas', 'login', 'revenda'],
  en: ['name', 'expiry', 'time', 'days', 'screens', 'login', 'seller'],
} as const;

export function Reminders() {
  const { data, error, refetch } = useQuery(RemindersDocument, { fetchPolicy: 'network-only' });
  if (error && !data) return <Failure onRetry={() => refetch().catch(() => {})} />;
  return data ? <Editor viewer={data.viewer} /> : <FormSkeleton />;
}

function Editor({ viewer: { reminderChannels, reminderFields, reminderRules } }: { viewer: RemindersQuery['viewer'] }) {
  const { t } = useTranslation('reminders');
  const { t: common } = useTranslation();
  const { language } = useFormat();
  const disabledReason = useActionDisabledReason()(false);
  const examples = new Map(reminderFields?.map(({ example, name }) => [name, example]));
  const offered = OFFERED[language === 'pt-BR' ? 'pt-BR' : 'en'].filter((name) => examples.has(name));
  const form = useForm({
    initialValues: { rules: (reminderRules ?? []).map(valuesOf) },
    validate: ({ rules }) =>
      Object.fromEntries(
        Object.entries(problemsOf(rules, [...examples.keys()])).map(([field, { name, problem }]) => [
          field,
          t(`problem.${problem}`, { name }),
        ]),
      ),
    validateInputOnBlur: true,
  });
  const intent = useIntent(
    async (apollo, input: SetReminderRulesInput) =>
      (await apollo.mutate({ mutation: SetReminderRulesDocument, variables: { input } })).data?.setReminderRules,
    {
      onDone: () => notifyDone(t('saved')),
      onRefused: (refusal) =>
        form.setErrors(
          Object.fromEntries(
            Object.entries(fieldProblems(refusal)).map(([path, message]) => [
              path.replace(/(?:daysFromEnd|trialHours)$/, 'amount'),
              message,
            ]),
          ),
        ),
    },
  );
  const submit = form.onSubmit(({ rules }) => intent.send(() => ({ rules: rules.map(inputOf) })));
  const add = (rule: RuleValues) => form.insertListItem('rules', rule);
  const usual = () =>
    [newRule('before', 3, t('usual.before')), newRule('onDay', 0, t('usual.onDay')), newRule('after', 1, t('usual.after'))].forEach(add);
  return (
    <Section
      title={t('title')}
      text={t('text')}
      aside={
        <Anchor component={Link} to="/messages" size="sm">
          {t('messages')}
        </Anchor>
      }
    >
      <IntentForm intent={intent} onSubmit={submit} submitLabel={common('actions.save')} disabledReason={disabledReason}>
        {form.values.rules.length === 0 ? (
          <>
            <Text size="sm">{t('none')}</Text>
            <Group>
              <Button variant="light" size="xs" onClick={usual}>
                {t('begin')}
              </Button>
            </Group>
          </>
        ) : null}
        <Stack gap="md">
          {form.values.rules.map((rule, index) => (
            <ReminderRow
              key={rule.key}
              rule={rule}
              place={index + 1}
              channels={reminderChannels ?? []}
              examples={examples}
              offered={offered}
              fieldOf={(field) => form.getInputProps(`rules.${index}.${field}`)}
              onTemplate={(template) => form.setFieldValue(`rules.${index}.template`, template)}
              onRemove={() => form.removeListItem('rules', index)}
            />
          ))}
        </Stack>
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={form.values.rules.length >= MOST_RULES}
            onClick={() => add(newRule('before', 1, t('usual.before')))}
          >
            {t('add')}
          </Button>
        </Group>
      </IntentForm>
    </Section>
  );
}
