/** A button that spends credits or changes data. If the panel may not, it is off and shows the reason. */

import { Button, type ButtonProps } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { load } from '../data/missing-code.ts';
import { useActionDisabledReason } from './use-disabled-reason.ts';

const ReasonTooltip = lazy(async () => ({ default: (await load(() => import('./reason-tooltip.tsx'))).ReasonTooltip }));

interface Props extends ButtonProps {
  readonly onClick: () => void;
  /** false: the action costs nothing, so only a lock turns the button off. */
  readonly spends?: boolean;
  readonly 'aria-label'?: string;
  readonly children: ReactNode;
}

/** When it is off it keeps the keyboard focus: a disabled button could not show its reason to a keyboard or touch user. */
export function ActionButton({ onClick, spends = true, children, ...props }: Props) {
  const why = useActionDisabledReason()(spends);
  if (why === null) {
    return (
      <Button {...props} onClick={onClick}>
        {children}
      </Button>
    );
  }
  const button = (
    <Button {...props} data-disabled aria-disabled aria-description={why} onClick={(event) => event.preventDefault()}>
      {children}
    </Button>
  );
  return (
    <Suspense fallback={button}>
      <ReasonTooltip why={why}>{button}</ReasonTooltip>
    </Suspense>
  );
}
