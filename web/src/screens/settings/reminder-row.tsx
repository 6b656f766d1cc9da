/** The fields of one reminder rule, with a preview of the customer's text. */

import { ActionIcon, Alert, Button, Card, Group, NumberInput, Select, Text, Textarea } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemindersQuery } from '../../gql/graphql.ts';
import { isForTrials, MAX_CHARACTERS, MAX_DAYS, MAX_HOURS, MOMENTS, previewOf, type RuleValues } from './reminder-values.ts';
import classes from './reminders.module.css';

const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${String(hour).padStart(2, '0')}:00` }));

interface Props {
  readonly rule: RuleValues;
  /** The position in the list, from 1. */
  readonly place: number;
  readonly channels: NonNullable<RemindersQuery['viewer']['reminderChannels']>;
  /** An example value for each placeholder. */
  readonly examples: ReadonlyMap<string, string>;
  /** The placeholders that have a button at the text. */
  readonly offered: readonly string[];
  readonly fieldOf: (
    field: 'moment' | 'amount' | 'hour' | 'channel' | 'template',
  ) => ReturnType<ReturnType<typeof useForm>['getInputProps']>;
  readonly onTemplate: (template: string) => void;
  readonly onRemove: () => void;
}

export function ReminderRow({ channels, examples, fieldOf, offered, onRemove, onTemplate, place, rule }: Props) {
  const { t } = useTranslation('reminders');
  const text = useRef<HTMLTextAreaElement>(null);
  const called = t('numbered', { place });
  const problem = channels.find(({ channel }) => channel === rule.channel)?.problem ?? null;
  const forTrials = isForTrials(rule.moment);
  /** Inserts a placeholder at the cursor's last position. */
  const insert = (name: string) => {
    const { selectionEnd, selectionStart } = text.current ?? { selectionStart: rule.template.length, selectionEnd: rule.template.length };
    onTemplate(`${rule.template.slice(0, selectionStart)}{${name}}${rule.template.slice(selectionEnd)}`);
    text.current?.focus();
  };
  return (
    <Card withBorder padding="sm" component="fieldset" aria-label={called}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={600}>
          {called}
        </Text>
        <ActionIcon variant="subtle" color="red" size="lg" aria-label={t('remove', { place })} onClick={onRemove}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
      <Group gap="xs" align="flex-start" mt="xs">
        <Select
          flex="1 1 240px"
          label={t('moment')}
          allowDeselect={false}
          data={MOMENTS.map((value) => ({ value, label: t(`moments.${value}`) }))}
          {...fieldOf('moment')}
        />
        {rule.moment === 'onDay' ? null : (
          <NumberInput
            flex="1 1 90px"
            label={t(forTrials ? 'hours' : 'days')}
            min={forTrials ? 0 : 1}
            max={forTrials ? MAX_HOURS : MAX_DAYS}
            allowDecimal={false}
            inputMode="numeric"
            {...fieldOf('amount')}
          />
        )}
        {forTrials ? null : <Select flex="1 1 90px" label={t('hour')} allowDeselect={false} data={HOURS} {...fieldOf('hour')} />}
        <Select
          flex="1 1 240px"
          label={t('channel')}
          allowDeselect={false}
          data={channels.map(({ channel }) => ({ value: channel, label: t(`channels.${channel}`) }))}
          {...fieldOf('channel')}
        />
      </Group>
      {problem === null ? null : (
        <Alert color="orange" mt="xs" py="xs">
          {t(`channelProblem.${problem}`)}
        </Alert>
      )}
      <Textarea
        ref={text}
        label={t('template')}
        mt="xs"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={MAX_CHARACTERS}
        {...fieldOf('template')}
      />
      <Group gap={4} mt={6} role="group" aria-label={t('fields')}>
        {offered.map((name) => (
          <Button key={name} size="compact-xs" mih={24} variant="default" aria-label={t('insert', { name })} onClick={() => insert(name)}>
            {`{${name}}`}
          </Button>
        ))}
      </Group>
      <Text size="xs" c="dimmed" mt="xs">
        {t('preview')}
      </Text>
      <output className={classes.preview} aria-label={t('previewOf', { place })}>
        {previewOf(rule, examples)}
      </output>
    </Card>
  );
}
