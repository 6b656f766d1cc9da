/** Catches what no route caught, and shows a way on. */

import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** The last net: an error that no route caught shows a way on instead of a white page. */
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
