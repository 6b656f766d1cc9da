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

/** A headless Chromium: TEST_BROWSER's, the one from npm where it runs, or else the machine's Chrome. To be closed. */
export async function openBrowser(): Promise<Browser> {
  const browser = await driver.launch({ args: ARGUMENTS, headless: true, timeout: PATIENCE_MS, ...(await whichBrowser()) });
  closedAtEnd(() => browser.close());
  return browser;
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
