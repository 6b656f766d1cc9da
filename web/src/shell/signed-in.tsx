/** Reads once what hundreds of rows need: the viewer, the time zone, and why the panel may not spend. */

import type { ReactNode } from 'react';
import { useViewerQuery, ViewerContext } from '../data/live-context.ts';
import { TimeZoneContext, useTimeZoneQuery } from '../data/time-zone.ts';
import { DisabledContext, useDisabledState } from '../ui/use-disabled-reason.ts';

export function SignedIn({ children }: { children: ReactNode }) {
  return (
    <ViewerContext value={useViewerQuery()}>
      <Derived>{children}</Derived>
    </ViewerContext>
  );
}

function Derived({ children }: { children: ReactNode }) {
  return (
    <TimeZoneContext value={useTimeZoneQuery()}>
      <DisabledContext value={useDisabledState()}>{children}</DisabledContext>
    </TimeZoneContext>
  );
}
