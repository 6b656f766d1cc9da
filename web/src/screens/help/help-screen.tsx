/** The page that explains credits with examples of the rules. */

import { Card, Grid, List, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';

/** In the order in which a new reseller needs them: R1, R2, R20, R22, R21, R7. */
const TOPICS = ['credit', 'month', 'renew', 'screens', 'fewer', 'lock'] as const;
const EXAMPLES = ['first', 'second', 'third'] as const;

export function HelpScreen() {
  const { t } = useTranslation('help');
  return (
    <Page title={t('title')}>
      <Text c="dimmed" maw={680}>
        {t('intro')}
      </Text>
      <Grid gap="md">
        {TOPICS.map((part) => (
          <Grid.Col key={part} span={{ base: 12, md: 6 }}>
            <Card withBorder h="100%" component="section" aria-labelledby={`help-${part}`}>
              <Title order={2} size="h4" mb="xs" id={`help-${part}`}>
                {t(`${part}.title`)}
              </Title>
              <Text size="sm" mb="xs">
                {t(`${part}.text`)}
              </Text>
              <List size="sm" spacing={4}>
                {EXAMPLES.map((example) => (
                  <List.Item key={example}>{t(`${part}.${example}`)}</List.Item>
                ))}
              </List>
            </Card>
          </Grid.Col>
        ))}
      </Grid>
    </Page>
  );
}
