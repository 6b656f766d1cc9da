import { arch, platform } from 'node:os';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver, type LaunchOptions } from 'playwright-core';
import { closedAtEnd } from '../leftovers.ts';
import { oncePerRun } from '../once-per-run.ts';
import { PATIENCE_MS } from '../until.ts';

/** The browser makes no requests of its own, and needs neither a screen nor a sandbox (tests may run as root). */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  // A page of a test lives for seconds, so the optimizing compilers would take longer than they save.
  '--js-flags=--no-maglev --no-opt',
];

/** The browser of this worker. Its test files share it, because a start takes more than a second of CPU. */
let shared: Browser | undefined;

/**
 * Opens a headless Chromium: the one of TEST_BROWSER, else the one from npm where it runs, else the machine's Chrome. The end
 * of the test file closes its contexts. The browser ends with the worker, when the pipe between them closes.
 */
export async function openBrowser(): Promise<Browser> {
  if (!shared?.isConnected())
    shared = await driver.launch({ args: ARGUMENTS, headless: true, timeout: PATIENCE_MS, ...(await launchOptions()) });
  const browser = shared;
  closedAtEnd(() => closeContexts(browser));
  return browser;
}

export async function closeContexts(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

async function launchOptions(): Promise<LaunchOptions> {
  // biome-ignore lint/style/noProcessEnv: a setting of the tests, not of the server
  const own = process.env.TEST_BROWSER;
  if (own) return { executablePath: own };
  if (platform() === 'linux' && arch() === 'x64') {
    // The first call on a machine unpacks the browser; a concurrent second call would start an incomplete one.
    await oncePerRun('browser', async () => void (await chromium.executablePath()));
    return { executablePath: await chromium.executablePath() };
  }
  return { channel: 'chrome' };
}
