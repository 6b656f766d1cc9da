/** What is shown while a screen's code, or a part of it, cannot be fetched. */

import { Alert, Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigation } from 'react-router';
import { useUnsettled } from '../data/live-context.ts';
import { useReloadWhenBack } from '../data/missing-code.ts';
import { EmptyState } from '../ui/empty-state.tsx';

/** In place of a screen. It is asked for again by itself. */
export function MissingScreen() {
  const { t } = useTranslation();
  const { location: target } = useNavigation();
  const hasUnsettled = useUnsettled().length > 0;
  // With a command unsettled its key would be lost: then the person decides.
  useReloadWhenBack(target && !hasUnsettled ? `${target.pathname}${target.search}${target.hash}` : null);
  return (
    <div role="status">
      <EmptyState
        icon={IconCloudOff}
        title={t('code.title')}
        action={
          <Button variant="default" onClick={() => location.reload()}>
            {t('failure.reload')}
          </Button>
        }
      >
        {t('code.text')}
      </EmptyState>
    </div>
  );
}

/** Above a screen that has most of itself. */
export function MissingPart({ isShown }: { isShown: boolean }) {
  const { t } = useTranslation();
  return (
    <div role="status">
      {isShown ? (
        <Alert color="orange" mb="md" icon={<IconCloudOff aria-hidden />}>
          {t('code.part')}
        </Alert>
      ) : null}
    </div>
  );
}
