/** The bar with the actions on the selected customers. */

import { Button, Group, Paper, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { MOST_SELECTED, type Selection } from './use-selection.ts';

interface SelectionBarProps {
  readonly selection: Selection;
  /** The number of customers that match the filters. */
  readonly total: number;
  readonly isWholePage: boolean;
  readonly onAll: () => void;
  readonly onRenew: () => void;
}

/** Stays visible below the header, however long the list is. */
export function SelectionBar({ selection, total, isWholePage, onAll, onRenew }: SelectionBarProps) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const { selected, select, isSelecting } = selection;
  const most = Math.min(total, MOST_SELECTED);
  return (
    <Paper withBorder p="xs" className="quiet" shadow="sm" style={{ position: 'sticky', top: 64, zIndex: 10 }}>
      <Group gap="sm">
        <Text size="sm" fw={600} flex={1} miw={110} role="status">
          {t('selected', { count: selected.length, amount: format.number(selected.length) })}
        </Text>
        {isWholePage && most > selected.length ? (
          <Button size="xs" variant="subtle" loading={isSelecting} onClick={onAll}>
            {t('selectMatching', { amount: format.number(most) })}
          </Button>
        ) : null}
        <Button size="xs" variant="subtle" onClick={() => select([])}>
          {t('clearSelection')}
        </Button>
        <ActionButton size="xs" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onRenew}>
          {t('renewSelected')}
        </ActionButton>
      </Group>
    </Paper>
  );
}
