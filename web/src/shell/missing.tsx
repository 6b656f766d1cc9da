/** Shown while a screen's code, or part of it, cannot be fetched. */

import { Alert, Button } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigation } from 'react-router';
import { useUnsettled } from '../data/live-context.ts';
import { useReloadWhenBack } from '../data/missing-code.ts';
import { EmptyState } from '../ui/empty-state.tsx';

/** Replaces a screen. The code is fetched again automatically. */
export function MissingScreen() {
  const { t } = useTranslation();
  const { location: target } = useNavigation();
  const hasUnsettled = useUnsettled().length > 0;
  // A reload would lose the keys of unsettled commands, so then the person decides.
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

/** Shown above a screen of which only a part is missing. */
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
