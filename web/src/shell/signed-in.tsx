/** Reads once what hundreds of rows need: the viewer, the time zone, and why the panel may not spend. */

import type { ReactNode } from 'react';
import { useAskedViewer, ViewerContext } from '../data/live-context.ts';
import { TimeZoneContext, useAskedTimeZone } from '../data/time-zone.ts';
import { OffContext, useOff } from '../ui/use-why-off.ts';

export function SignedIn({ children }: { children: ReactNode }) {
  return (
    <ViewerContext value={useAskedViewer()}>
      <Derived>{children}</Derived>
    </ViewerContext>
  );
}

function Derived({ children }: { children: ReactNode }) {
  return (
    <TimeZoneContext value={useAskedTimeZone()}>
      <OffContext value={useOff()}>{children}</OffContext>
    </TimeZoneContext>
  );
}
