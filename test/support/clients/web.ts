import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ensureWeb } from '../../../web/build.ts';
import { oncePerRun } from '../once-per-run.ts';
import { PATIENCE_MS } from '../until.ts';
import type { Demo } from '../worlds/demo.ts';
import { startDemo } from '../worlds/planted-demo.ts';
import { type Api, type ApiOptions, PASSWORD } from './api.ts';
import { closeContexts, openBrowser } from './browser.ts';

export const DESKTOP = { width: 1280, height: 860 };
export const PHONE = { width: 360, height: 740 };

/** The web application as people use it: a real server with the demo tree, and a real browser. The test disposes of it. */
export interface WebWorld extends AsyncDisposable {
  readonly api: Api;
  readonly demo: Demo;
  /** Opens a page in a new browser context, in English by default, not signed in. */
  visitor(options?: BrowserContextOptions): Promise<Page>;
  /** Opens a page of a signed-in person at this path. It skips the sign-in screen, which has its own tests. */
  person(email: string, path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Gives a visitor's page a session of this person, and opens the path. */
  signedIn(page: Page, email: string, path?: string): Promise<Page>;
  /** Returns the errors of all pages since the last call, including requests to other hosts. */
  takeErrors(): readonly string[];
  /** Closes the pages of the last test, which would go on sending requests and drawing. Returns their errors. */
  closePages(): Promise<readonly string[]>;
}

/** Builds the web application if it has changed. One worker does it for all. */
export function buildWebOnce(): Promise<void> {
  return oncePerRun('web', ensureWeb);
}

export async function openWeb(options?: Omit<ApiOptions, 'databaseUrl'>): Promise<WebWorld> {
  await buildWebOnce();
  const { api, demo } = await startDemo(options);
  const browser: Browser = await openBrowser();
  const errors: string[] = [];

  async function visitor(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: DESKTOP,
      locale: 'en-US',
      timezoneId: 'America/Sao_Paulo',
      // Without a graphics card the processor draws each frame of an animation.
      reducedMotion: 'reduce',
      // The service worker shows a page while the server is down. Only tests of that page allow it.
      serviceWorkers: 'block',
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    context.on('page', (page) => collectErrors(page, new URL(api.client.origin).hostname, errors));
    return context.newPage();
  }

  async function signedIn(page: Page, email: string, path = '/'): Promise<Page> {
    const { origin } = api.client;
    await page.context().addCookies([{ name: 'revenda_session', value: await api.client.signIn(email), url: origin, httpOnly: true }]);
    await page.goto(`${origin}${path}`);
    await isSignedIn(page);
    return page;
  }

  return {
    api,
    demo,
    visitor,
    async person(email, path, options) {
      return signedIn(await visitor(options), email, path);
    },
    signedIn,
    takeErrors: () => errors.splice(0),
    async closePages() {
      const found = errors.splice(0);
      await closeContexts(browser);
      errors.length = 0;
      return found;
    },
    async [Symbol.asyncDispose]() {
      await closeContexts(browser);
      await api[Symbol.asyncDispose]();
    },
  };
}

function collectErrors(page: Page, hostname: string, errors: string[]): void {
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.hostname !== hostname && !['data:', 'blob:'].includes(url.protocol)) errors.push(`requested ${url.origin}`);
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // A test may stop the server: the browser then logs errors that are not the application's.
    if (message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection/.test(message.text())) errors.push(message.text());
  });
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: /^(Password|Senha)$/ }).fill(password);
  await page.getByRole('button', { name: /^(Sign in|Entrar)$/ }).click();
  await isSignedIn(page);
}

/** Checks in every frame first: Playwright's wait for a button checks only twice a second after the first quarter of a second. */
async function isSignedIn(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('button:is([aria-label="Your account"], [aria-label="Sua conta"])'));
  await page.getByRole('button', { name: /^(Your account|Sua conta)$/ }).waitFor();
}

/** Waits until the header shows this balance. */
export async function showsBalance(page: Page, balance: string): Promise<void> {
  await page
    .getByTestId('balance')
    .filter({ hasText: new RegExp(`^${balance.replace('.', '\\.')}$`) })
    .waitFor();
}

/**
 * Opens another screen as a link does, so that the application and the test's additions to the page stay. An address of the screen that
 * is open is reached by way of the help, so that everything it shows is drawn anew. Notifications would outlive the screen, and a later
 * one may have the same text, so they are closed.
 */
export async function goWithin(page: Page, path: string): Promise<void> {
  await closeNotifications(page);
  if (new URL(page.url()).pathname.split('/')[1] === path.split(/[/?]/)[1]) await follow(page, '/help');
  await follow(page, path);
}

async function closeNotifications(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    for (const button of document.querySelectorAll<HTMLElement>('.mantine-Notification-closeButton')) button.click();
    return !document.querySelector('.mantine-Notification-root');
  });
}

async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((address) => {
    document.querySelector('h1')?.setAttribute('data-left', '');
    history.pushState(null, '', address);
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }, path);
  await page.locator('h1[data-left]').waitFor({ state: 'detached' });
}

export async function isLive(page: Page): Promise<void> {
  await page.locator('[data-testid=connection][data-state=live]').waitFor();
}

const EVERYTHING = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
/** The only rule whose result depends on the color scheme. */
const CONTRAST = { resultTypes: ['violations'], runOnly: ['color-contrast'] };

const STILL_FRAMES = 3;

/** The timers with which screens refetch: every minute, and once after their subscriptions should have begun. Milliseconds. */
const REFETCH_TIMERS = [60_000, 4_500];

/** Holds back the timers with which screens refetch their data. Call this before the page is opened. The returned function fires them. */
export async function holdRefetches(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript((timers) => {
    const later = window.setTimeout.bind(window);
    const held: (() => void)[] = [];
    Object.assign(window, {
      setTimeout: (run: () => void, ms = 0) => {
        if (!timers.includes(ms)) return later(run, ms);
        held.push(run);
        // The id of no timer: to clear it does nothing.
        return 0;
      },
      fireHeld: () => held.splice(0).forEach((run) => void run()),
    });
  }, REFETCH_TIMERS);
  return () => page.evaluate('fireHeld()');
}

/** Loads a customer's page anew without the header by which it reloads itself every 15 seconds, which would interrupt a check. */
export async function withoutReload<Result>(page: Page, check: () => Promise<Result>): Promise<Result> {
  const pages = '**/r/*';
  await page.route(pages, async (route) => {
    const response = await route.fetch();
    const { refresh: _, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  await page.reload();
  const result = await check();
  await page.unroute(pages);
  await page.reload();
  return result;
}

/** Waits until nothing moves, and returns the problems that axe calls serious or worse, including touch targets that are too small. */
export async function seriousProblems(page: Page, { contrastOnly = false } = {}): Promise<readonly string[]> {
  await page.evaluate(async (frames) => {
    // An animation after a change of colors or size begins a frame or two later.
    const isMoving = ({ playState }: Animation) => playState === 'running';
    // Skeletons do not move under reduced motion, so they are checked separately.
    const isLoading = () => [...document.querySelectorAll('.mantine-Skeleton-root[data-visible]')].some((shape) => shape.checkVisibility());
    const isStill = () => !isLoading() && !document.getAnimations().some(isMoving);
    for (let still = 0; still < frames; still = isStill() ? still + 1 : 0) await new Promise(requestAnimationFrame);
  }, STILL_FRAMES);
  // axe is half a megabyte, so it is sent to a page only once.
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(`(() => { ${axe.source} })(); undefined`);
  const options = JSON.stringify(contrastOnly ? CONTRAST : EVERYTHING);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ''}`).join(' | ')}`);
}

/** Waits until nothing is wider than the screen: a change of its width takes a moment to apply. */
export async function fits(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
}
