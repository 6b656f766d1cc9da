import { createBrowserRouter, type RouteObject } from 'react-router';
import { loadWords } from './i18n/i18n.ts';
import { Frame } from './shell/frame.tsx';
import { NotFound } from './shell/not-found.tsx';
import { RouteFailure } from './shell/route-failure.tsx';

/** A screen is a chunk of its own with its words; what it shows it asks for itself. Its first segment is one that the server serves the page for. */
const SCREENS: RouteObject[] = [
  {
    index: true,
    lazy: async () => {
      const [{ HomeScreen }] = await Promise.all([import('./screens/home/home-screen.tsx'), loadWords('home')]);
      return { Component: HomeScreen };
    },
  },
  {
    path: 'resellers',
    lazy: async () => {
      const [{ ResellersScreen }] = await Promise.all([import('./screens/resellers/resellers-screen.tsx'), loadWords('resellers')]);
      return { Component: ResellersScreen };
    },
  },
  {
    path: 'resellers/:id',
    lazy: async () => {
      const [{ ResellerPage }] = await Promise.all([import('./screens/resellers/reseller-page.tsx'), loadWords('resellers', 'statement')]);
      return { Component: ResellerPage };
    },
  },
  {
    path: 'credits',
    lazy: async () => {
      const [{ StatementScreen }] = await Promise.all([import('./screens/statement/statement-screen.tsx'), loadWords('statement')]);
      return { Component: StatementScreen };
    },
  },
  {
    path: 'buy',
    lazy: async () => ({ Component: (await import('./screens/buy/buy-screen.tsx')).BuyScreen }),
  },
];

/** Until a screen's code is there. */
function Nothing() {
  return null;
}

export function createRouter() {
  return createBrowserRouter([
    {
      Component: Frame,
      HydrateFallback: Nothing,
      ErrorBoundary: RouteFailure,
      children: [{ ErrorBoundary: RouteFailure, children: [...SCREENS, { path: '*', Component: NotFound }] }],
    },
  ]);
}
