/** The layout of pages without a session: the product's name, a card and the choice of language. */

import { Button, Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '../../i18n/i18n.ts';
import { Mark } from '../../shell/mark.tsx';

export function SignInLayout({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack w="100%" maw={380} gap="lg">
        <Group gap="sm" justify="center">
          <Mark size={40} />
          <div>
            <Title order={1} size="h3">
              {t('product')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('signIn.subtitle')}
            </Text>
          </div>
        </Group>
        <Paper withBorder p="lg">
          {children}
        </Paper>
        <LanguageChoice />
      </Stack>
    </Center>
  );
}

function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <Group justify="center" gap={4} role="group" aria-label={t('menu.language')}>
      {Object.entries(LANGUAGES).map(([language, name]) => (
        <Button
          key={language}
          lang={language}
          variant={language === i18n.language ? 'light' : 'subtle'}
          size="compact-sm"
          aria-pressed={language === i18n.language}
          onClick={() => i18n.changeLanguage(language)}
        >
          {name}
        </Button>
      ))}
    </Group>
  );
}
