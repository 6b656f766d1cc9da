/** A short list of statement entries. */

import { Box, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { EntryRowFragment } from '../gql/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';

/** Texts for a statement entry. */
export function useEntryTexts() {
  const { t } = useTranslation();
  return {
    kind: ({ transfer }: EntryRowFragment) => t(`kinds.${transfer.kind}`),
    /** The name of the other side, or its kind if the viewer may not see the name. */
    counterparty: ({ counterparty, delta, transfer: { from, to, customer } }: EntryRowFragment) =>
      customer?.name ?? (delta < 0 ? to : from)?.reseller.name ?? (counterparty ? t(`counterparty.${counterparty}`) : ''),
  };
}

/** A few entries, where there is no room for a table. */
export function EntryList({ entries }: { entries: readonly EntryRowFragment[] }) {
  const format = useFormat();
  const words = useEntryTexts();
  return (
    <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {entries.map((entry) => (
        <Group key={entry.id} component="li" justify="space-between" wrap="nowrap" gap="sm" py={7} className="ruled">
          <Box style={{ minWidth: 0 }}>
            <Text size="sm" fw={500} truncate>
              {[words.kind(entry), words.counterparty(entry)].filter(Boolean).join(' · ')}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {[format.dayAndTime(entry.createdAt), entry.transfer.memo].filter(Boolean).join(' · ')}
            </Text>
          </Box>
          <Box ta="right" style={{ flexShrink: 0 }} className="numbers">
            <Text size="sm" fw={600} className={entry.delta > 0 ? 'gain' : undefined}>
              {format.delta(entry.delta)}
            </Text>
            <Text size="xs" c="dimmed">
              {format.number(entry.balanceAfter)}
            </Text>
          </Box>
        </Group>
      ))}
    </Stack>
  );
}
