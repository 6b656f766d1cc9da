/** The layout of a screen: heading, actions, content. */

import { Container, Group, Stack, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useReportedSales } from '../data/live-context.ts';

/** A screen: its heading, the actions that concern all of it, and its content. */
export function Page({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const reported = useReportedSales();
  // Shows the number of sales to confirm, also while another tab is open.
  useDocumentTitle(`${reported > 0 ? `(${reported}) ` : ''}${title} · ${t('product')}`);
  return (
    <Container size="xl" px={0}>
      <Stack gap="lg">
        <Group justify="space-between" gap="sm">
          <Title order={1} size="h2">
            {title}
          </Title>
          {actions ? <Group gap="xs">{actions}</Group> : null}
        </Group>
        {children}
      </Stack>
    </Container>
  );
}
