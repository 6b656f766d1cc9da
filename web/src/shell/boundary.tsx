/** Catches errors that no route caught, and shows how to continue. */

import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** The last error boundary. It shows a page with a button instead of a blank one. */
export class Boundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

export function Broken() {
  const { t } = useTranslation();
  return (
    <Center mih="60vh" p="md">
      <Stack align="center" maw={440} ta="center">
        <Title order={1} size="h3">
          {t('failure.broken')}
        </Title>
        <Text c="dimmed">{t('failure.brokenText')}</Text>
        <Button onClick={() => location.reload()}>{t('failure.reload')}</Button>
      </Stack>
    </Center>
  );
}
