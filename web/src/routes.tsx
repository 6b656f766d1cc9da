/** The routes, each with a screen that loads on demand. */

import { createBrowserRouter, type RouteObject, redirect } from 'react-router';
import { hideDialogSteps } from './data/dialog-entry.ts';
import { load } from './data/missing-code.ts';
import { loadWords } from './i18n/i18n.ts';
import { Frame, Waiting } from './shell/frame.tsx';
import { NotFound } from './shell/not-found.tsx';
import { RouteFailure } from './shell/route-failure.tsx';

/** Each screen is a separate chunk with its texts, and fetches its own data. The build lists each first path segment for the server. */
const SCREENS: RouteObject[] = [
  {
    index: true,
    lazy: async () => {
      const [{ HomeScreen }] = await Promise.all([load(() => import('./screens/home/home-screen.tsx')), loadWords('home')]);
      return { Component: HomeScreen };
    },
  },
  {
    path: 'resellers',
    lazy: async () => {
      const [{ ResellersScreen }] = await Promise.all([
        load(() => import('./screens/resellers/resellers-screen.tsx')),
        loadWords('resellers'),
      ]);
      return { Component: ResellersScreen };
    },
  },
  {
    path: 'resellers/:id',
    lazy: async () => {
      const [{ ResellerPage }] = await Promise.all([
        load(() => import('./screens/resellers/reseller-page.tsx')),
        loadWords('resellers', 'statement'),
      ]);
      return { Component: ResellerPage };
    },
  },
  {
    path: 'credits',
    lazy: async () => {
      const [{ StatementScreen }] = await Promise.all([
        load(() => import('./screens/statement/statement-screen.tsx')),
        loadWords('statement'),
      ]);
      return { Component: StatementScreen };
    },
  },
  {
    path: 'customers',
    lazy: async () => {
      const [{ CustomersScreen }] = await Promise.all([
        load(() => import('./screens/customers/customers-screen.tsx')),
        loadWords('customers', 'access'),
      ]);
      return { Component: CustomersScreen };
    },
  },
  {
    path: 'customers/:id',
    lazy: async () => {
      const [{ CustomerScreen }] = await Promise.all([
        load(() => import('./screens/customers/customer-screen.tsx')),
        loadWords('customers', 'access'),
      ]);
      return { Component: CustomerScreen };
    },
  },
  {
    path: 'messages',
    lazy: async () => {
      const [{ MessagesScreen }] = await Promise.all([load(() => import('./screens/messages/messages-screen.tsx')), loadWords('messages')]);
      return { Component: MessagesScreen };
    },
  },
  {
    path: 'buy',
    lazy: async () => {
      const [{ BuyScreen }] = await Promise.all([load(() => import('./screens/buy/buy-screen.tsx')), loadWords('buying')]);
      return { Component: BuyScreen };
    },
  },
  {
    path: 'sales/:tab?',
    lazy: async () => {
      const [{ SalesScreen }] = await Promise.all([load(() => import('./screens/sales/sales-screen.tsx')), loadWords('buying')]);
      return { Component: SalesScreen };
    },
  },
  {
    path: 'settings/:tab?',
    lazy: async () => {
      const [{ SettingsScreen }] = await Promise.all([
        load(() => import('./screens/settings/settings-screen.tsx')),
        loadWords('settings', 'access', 'reminders'),
      ]);
      return { Component: SettingsScreen };
    },
  },
  {
    path: 'imports',
    lazy: async () => {
      const [{ ImportsScreen }] = await Promise.all([load(() => import('./screens/imports/imports-screen.tsx')), loadWords('imports')]);
      return { Component: ImportsScreen };
    },
  },
  {
    path: 'imports/:id',
    lazy: async () => {
      const [{ ImportScreen }] = await Promise.all([load(() => import('./screens/imports/import-screen.tsx')), loadWords('imports')]);
      return { Component: ImportScreen };
    },
  },
  {
    path: 'help',
    lazy: async () => {
      const [{ HelpScreen }] = await Promise.all([load(() => import('./screens/help/help-screen.tsx')), loadWords('help')]);
      return { Component: HelpScreen };
    },
  },
  {
    path: 'platform/:tab?',
    lazy: async () => {
      const [{ PlatformScreen }] = await Promise.all([load(() => import('./screens/platform/platform-screen.tsx')), loadWords('settings')]);
      return { Component: PlatformScreen };
    },
  },
];

/** Routes that need no session and do not check for one. */
const OUTSIDE: RouteObject[] = [
  // People bookmark this address. The start page shows the sign-in screen to anybody without a session.
  { path: 'sign-in', loader: () => redirect('/') },
  {
    path: 'reset-password',
    HydrateFallback: Waiting,
    ErrorBoundary: RouteFailure,
    lazy: async () => {
      const [{ ResetPasswordScreen }] = await Promise.all([
        load(() => import('./screens/sign-in/reset-password-screen.tsx')),
        loadWords('recovery'),
      ]);
      return { Component: ResetPasswordScreen };
    },
  },
];

export function createRouter() {
  // Before the router adds its own listener: the window calls listeners in the order in which they were added.
  hideDialogSteps(() => router.state);
  const router = createBrowserRouter([
    ...OUTSIDE,
    {
      Component: Frame,
      HydrateFallback: Waiting,
      ErrorBoundary: RouteFailure,
      children: [{ ErrorBoundary: RouteFailure, children: [...SCREENS, { path: '*', Component: NotFound }] }],
    },
  ]);
  return router;
}
