/** The browser's entry: renders the application. */

import '@mantine/core/styles.layer.css';
import './style.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createLive } from './data/live.ts';
import { startI18n } from './i18n/i18n.ts';

// The page's policy lets in no style without the number that the server gave this page; Mantine's scroll lock looks for it here.
const nonce = document.querySelector<HTMLElement>('meta[property=csp-nonce]')?.nonce ?? '';
Object.assign(globalThis, { __webpack_nonce__: nonce });

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
const live = createLive();
await Promise.all([startI18n(), live.session.check()]);
createRoot(root).render(<App live={live} nonce={nonce} />);

// After what is shown; without it everything works but the page that says that one is offline.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => {});
}
