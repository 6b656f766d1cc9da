/** The button that asks for the next page of a list. */

import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** `onMore` asks for it; a page that does not come can be asked for again. */
export function MoreButton({ onMore, isLoading = false, mt }: { onMore: () => unknown; isLoading?: boolean; mt?: 'xs' }) {
  const { t } = useTranslation();
  return (
    <Button variant="subtle" mt={mt} onClick={() => void onMore()} loading={isLoading}>
      {t('actions.more')}
    </Button>
  );
}
