/** A button that spends credits: off, with the reason, where the panel may not spend. */

import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWhyOff } from './use-why-off.ts';

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
  return (
    <Tooltip label={why} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      <Button {...props} data-disabled aria-disabled aria-description={why} onClick={(event) => event.preventDefault()}>
        {children}
      </Button>
    </Tooltip>
  );
}
