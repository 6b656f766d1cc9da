/** A button that spends credits: off, with the reason, where the panel may not spend. */

import { Button, type ButtonProps } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { load } from '../data/missing-code.ts';
import { useWhyOff } from './use-why-off.ts';

const WhyTooltip = lazy(async () => ({ default: (await load(() => import('./why-tooltip.tsx'))).WhyTooltip }));

interface Props extends ButtonProps {
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** It can still be reached when it is off: a button that cannot says nothing to the keyboard or a finger. */
export function SpendButton({ onClick, children, ...props }: Props) {
  const why = useWhyOff();
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
