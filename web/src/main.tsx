/** The browser's entry: renders the application. */

import '@mantine/core/styles.layer.css';
import './style.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createLive } from './data/live.ts';
import { startI18n } from './i18n/i18n.ts';

// The page's content security policy allows only styles with this page's nonce. Mantine's scroll lock reads it from this global.
const nonce = document.querySelector<HTMLElement>('meta[property=csp-nonce]')?.nonce ?? '';
Object.assign(globalThis, { __webpack_nonce__: nonce });

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
const live = createLive();
await Promise.all([startI18n(), live.session.check()]);
createRoot(root).render(<App live={live} nonce={nonce} />);

// After rendering. Without the service worker only the offline page is missing.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => {});
}
