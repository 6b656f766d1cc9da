/** Draws the icons of the installed application from src/icon.svg, with the tests' browser: `npm run icons`. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { chromium as driver } from 'playwright-core';

const here = import.meta.dirname;

/**
 * `isWhole`: the color reaches every edge, and the drawing stays within the middle four fifths, because some systems cut the
 * icon to a circle and others round its corners.
 */
const ICONS = [
  { name: 'icon-192', size: 192, isWhole: false },
  { name: 'icon-512', size: 512, isWhole: false },
  { name: 'icon-maskable-512', size: 512, isWhole: true },
  { name: 'icon-apple-180', size: 180, isWhole: true },
] as const;

const svg = await readFile(join(here, 'src/icon.svg'), 'utf8');
const browser = await driver.launch({ args: ['--no-sandbox', '--disable-gpu'], executablePath: await chromium.executablePath() });
for (const { name, size, isWhole } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const drawn = isWhole ? svg.replace('viewBox="0 0 32 32"', 'viewBox="-3 -3 38 38"').replace(' rx="7"', ' x="-3" y="-3"') : svg;
  const whole = isWhole ? drawn.replace('width="32" height="32"', 'width="38" height="38"') : drawn;
  await page.setContent(`<style>* { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${whole}`);
  await writeFile(join(here, 'icons', `${name}.png`), await page.screenshot({ omitBackground: true }));
}
await browser.close();
