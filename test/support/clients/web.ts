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

/** The panel as people use it: a real server with the demo tree, and a real browser. To be disposed of. */
export interface PanelWorld extends AsyncDisposable {
  readonly api: Api;
  readonly demo: Demo;
  /** A person with a browser of their own, in English unless told otherwise, not signed in. */
  visitor(options?: BrowserContextOptions): Promise<Page>;
  /** The same, with a session of their own, at this address. The door is another test's matter. */
  person(email: string, path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Gives a visitor's browser a session of this person's, and goes to the address. */
  signedIn(page: Page, email: string, path?: string): Promise<Page>;
  /** What the browsers complained of and asked of others since the last call. */
  complaints(): readonly string[];
  /** Closes what the last test opened: a page that nobody looks at goes on asking and drawing. Answers their complaints. */
  endVisits(): Promise<readonly string[]>;
}

/** After a change the web application is built first: by one of the workers. */
export function buildPanelOnce(): Promise<void> {
  return oncePerRun('panel', ensureWeb);
}

export async function openPanel(options?: Omit<ApiOptions, 'databaseUrl'>): Promise<PanelWorld> {
  await buildPanelOnce();
  const { api, demo } = await startDemo(options);
  const browser: Browser = await openBrowser();
  const complaints: string[] = [];

  async function visitor(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: DESKTOP,
      locale: 'en-US',
      timezoneId: 'America/Sao_Paulo',
      // Without a graphics card each frame of a movement is drawn by the processor.
      reducedMotion: 'reduce',
      // Its page stands in for a server that is away: a matter of the tests that ask for it.
      serviceWorkers: 'block',
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    context.on('page', (page) => listen(page, new URL(api.client.origin).hostname, complaints));
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
    complaints: () => complaints.splice(0),
    async endVisits() {
      const heard = complaints.splice(0);
      await closeContexts(browser);
      complaints.length = 0;
      return heard;
    },
    async [Symbol.asyncDispose]() {
      await closeContexts(browser);
      await api[Symbol.asyncDispose]();
    },
  };
}

function listen(page: Page, hostname: string, complaints: string[]): void {
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.hostname !== hostname && !['data:', 'blob:'].includes(url.protocol)) complaints.push(`asked ${url.origin}`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A server that is down on purpose is the browser's complaint, not the panel's.
    if (message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection/.test(message.text())) complaints.push(message.text());
  });
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('textbox', { name: /^(Password|Senha)$/ }).fill(password);
  await page.getByRole('button', { name: /^(Sign in|Entrar)$/ }).click();
  await isSignedIn(page);
}

/** Looks at every frame first: asked to wait for a button, Playwright after a quarter of a second looks only twice in one. */
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

/** To another screen as a link leads there: the application, and what the test put into the page, stay. Within one screen by loading it anew. */
export async function goWithin(page: Page, path: string): Promise<void> {
  const { origin, pathname } = new URL(page.url());
  if (pathname.split('/')[1] === path.split(/[/?]/)[1]) return void (await page.goto(`${origin}${path}`));
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
/** All that another colour scheme can change. */
const CONTRAST = { resultTypes: ['violations'], runOnly: ['color-contrast'] };

const STILL_FRAMES = 3;

/** Before it is opened: nothing is asked for by the clock, as what a screen asks for anew once a minute. */
export async function withoutMinutes(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const later = window.setTimeout.bind(window);
    Object.assign(window, { setTimeout: (run: () => void, ms?: number) => (ms === 60_000 ? 0 : later(run, ms)) });
  });
}

/** What axe finds that is serious or worse, targets too small for a finger too, once nothing moves any more. */
export async function seriousProblems(page: Page, { contrastOnly = false } = {}): Promise<readonly string[]> {
  await page.evaluate(async (frames) => {
    // What a change of colors or size sets going begins a frame or two later.
    const isMoving = ({ playState }: Animation) => playState === 'running';
    // What stands for what is still to come does not move, for who asked for less motion.
    const isToCome = () => [...document.querySelectorAll('.mantine-Skeleton-root[data-visible]')].some((shape) => shape.checkVisibility());
    const isStill = () => !isToCome() && !document.getAnimations().some(isMoving);
    for (let still = 0; still < frames; still = isStill() ? still + 1 : 0) await new Promise(requestAnimationFrame);
  }, STILL_FRAMES);
  // Half a megabyte to send: a page that has it is not given it again.
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(`(() => { ${axe.source} })(); undefined`);
  const options = JSON.stringify(contrastOnly ? CONTRAST : EVERYTHING);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ''}`).join(' | ')}`);
}

/** Nothing is wider than the screen, once what follows a change of its width has followed. */
export async function fits(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
}
