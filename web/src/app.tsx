/** The application's providers: session, cache, language, theme and routes. */

import '@mantine/notifications/styles.layer.css';
import { ApolloProvider } from '@apollo/client/react';
import { MantineProvider } from '@mantine/core';
import { lazy, Suspense, useEffect } from 'react';
import { RouterProvider } from 'react-router/dom';
import type { Live } from './data/live.ts';
import { LiveContext } from './data/live-context.ts';
import { load } from './data/missing-code.ts';
import { createRouter } from './routes.tsx';
import { Boundary } from './shell/boundary.tsx';
import { cssVariables, theme } from './theme.ts';

/** Loaded later: no notification is shown before the first action. */
const Notifications = lazy(async () => ({ default: (await load(() => import('@mantine/notifications'))).Notifications }));

const router = createRouter();

const BarColor = lazy(async () => ({ default: (await load(() => import('./ui/bar-color.tsx'))).BarColor }));

export function App({ live, nonce }: { live: Live; nonce: string }) {
  useEffect(() => {
    live.unsettled.reportTo(async (title, settled) => (await load(() => import('./ui/notify.ts'))).notifySettled(title, settled));
  }, [live]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Suspense>
        <BarColor />
      </Suspense>
      <Boundary>
        <ApolloProvider client={live.apollo}>
          <LiveContext value={live}>
            <Suspense>
              <Notifications position="top-right" className="toasts" />
            </Suspense>
            {/* Transitions render the old and the new address at the same time, so every query would fetch both, again and again. */}
            <RouterProvider router={router} useTransitions={false} />
          </LiveContext>
        </ApolloProvider>
      </Boundary>
    </MantineProvider>
  );
}
