/** The button that loads the next page of a list. */

import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** `onMore` loads the page. After a failure the button can be pressed again. */
export function MoreButton({ onMore, isLoading = false, mt }: { onMore: () => unknown; isLoading?: boolean; mt?: 'xs' }) {
  const { t } = useTranslation();
  return (
    <Button variant="subtle" mt={mt} onClick={() => void onMore()} loading={isLoading}>
      {t('actions.more')}
    </Button>
  );
}
