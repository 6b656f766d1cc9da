/** Lists the commands whose outcome is unknown, each with a button to find out. */

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useUnsettled } from '../data/live-context.ts';

/** Shown on every screen and in every dialog until each command is settled. A command that is typed again would be a second one. */
export function UnsettledList() {
  const { t } = useTranslation();
  const commands = useUnsettled();
  if (commands.length === 0) return null;
  return (
    <Stack gap="xs" mb="md" component="section" aria-label={t('unsettled.label')}>
      {commands.map((command) => {
        const isSending = command.state === 'sending';
        return (
          <Alert key={command.id} color="orange" role="alert" title={command.title} icon={<IconAlertTriangle aria-hidden />}>
            <Group justify="space-between" gap="sm">
              <Text size="sm" flex="1 1 200px">
                {t(isSending ? 'unsettled.asking' : 'unsettled.text')}
              </Text>
              <Button size="xs" variant="default" loading={isSending} onClick={command.again}>
                {t('intent.again')}
              </Button>
            </Group>
          </Alert>
        );
      })}
    </Stack>
  );
}
