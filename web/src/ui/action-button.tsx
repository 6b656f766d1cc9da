/** A button that spends or changes something: off, with the reason, where the panel may not. */

import { Button, type ButtonProps } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { load } from '../data/missing-code.ts';
import { useWhyActionOff } from './use-why-off.ts';

const WhyTooltip = lazy(async () => ({ default: (await load(() => import('./why-tooltip.tsx'))).WhyTooltip }));

interface Props extends ButtonProps {
  readonly onClick: () => void;
  /** false: it costs nothing, and only a locked panel may not. */
  readonly spends?: boolean;
  readonly 'aria-label'?: string;
  readonly children: ReactNode;
}

/** It can still be reached when it is off: a button that cannot says nothing to the keyboard or a finger. */
export function ActionButton({ onClick, spends = true, children, ...props }: Props) {
  const why = useWhyActionOff()(spends);
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
      <WhyTooltip why={why}>{button}</WhyTooltip>
    </Suspense>
  );
}
