import { arch, platform } from 'node:os';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver, type LaunchOptions } from 'playwright-core';
import { closedAtEnd } from '../leftovers.ts';
import { oncePerRun } from '../once-per-run.ts';
import { PATIENCE_MS } from '../until.ts';

/** Nothing of the browser's own goes to the network, and nothing needs a screen or a sandbox (tests may run as root). */
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
  // A page of a test lives for seconds: what compiles its script anew to make it faster takes longer than it saves.
  '--js-flags=--no-maglev --no-opt',
];

/** The browser of this worker. Its test files share it, because a start takes more than a second of CPU. */
let shared: Browser | undefined;

/**
 * A headless Chromium: TEST_BROWSER's, the one from npm where it runs, or else the machine's Chrome. The end of the test
 * file closes its contexts. The browser ends with the worker, when the pipe between them closes.
 */
export async function openBrowser(): Promise<Browser> {
  if (!shared?.isConnected())
    shared = await driver.launch({ args: ARGUMENTS, headless: true, timeout: PATIENCE_MS, ...(await whichBrowser()) });
  const browser = shared;
  closedAtEnd(() => closeContexts(browser));
  return browser;
}

export async function closeContexts(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

async function whichBrowser(): Promise<LaunchOptions> {
  // biome-ignore lint/style/noProcessEnv: the server's settings are config.ts' business; this one is the tests' own
  const own = process.env.TEST_BROWSER;
  if (own) return { executablePath: own };
  if (platform() === 'linux' && arch() === 'x64') {
    // The first call on a machine unpacks it; a second one beside it would start half a browser.
    await oncePerRun('browser', async () => void (await chromium.executablePath()));
    return { executablePath: await chromium.executablePath() };
  }
  return { channel: 'chrome' };
}
