/** The part of the build that makes the application installable: icons, a manifest for each language, the service worker. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import { common as englishCommon } from './src/i18n/en/common.ts';
import { install as english } from './src/i18n/en/install.ts';
import { common as portugueseCommon } from './src/i18n/pt/common.ts';
import { install as portuguese } from './src/i18n/pt/install.ts';

const here = import.meta.dirname;

const LANGUAGES = [
  { file: 'manifest.webmanifest', lang: 'pt-BR', words: portuguese, common: portugueseCommon },
  { file: 'manifest.en.webmanifest', lang: 'en', words: english, common: englishCommon },
];

const ICONS = [
  { name: 'icon-192', sizes: '192x192', purpose: 'any' },
  { name: 'icon-512', sizes: '512x512', purpose: 'any' },
  { name: 'icon-maskable-512', sizes: '512x512', purpose: 'maskable' },
];

/** Writes the manifests next to the page and the icons to the assets. The page links the Portuguese manifest; English replaces it. */
export function manifests(): Plugin {
  return {
    name: 'manifests',
    apply: 'build',
    transformIndexHtml: () => [{ tag: 'link', attrs: { rel: 'manifest', href: `/${LANGUAGES[0]?.file}` }, injectTo: 'head' }],
    async generateBundle() {
      const icons = await Promise.all(
        ICONS.map(async ({ name, sizes, purpose }) => {
          const source = await readFile(join(here, 'icons', `${name}.png`));
          const src = `/${this.getFileName(this.emitFile({ type: 'asset', name: `${name}.png`, source }))}`;
          return { src, sizes, type: 'image/png', purpose };
        }),
      );
      for (const { file, lang, words, common } of LANGUAGES) {
        const shortcuts = [
          { name: common.begin.activate, url: '/customers?new=1' },
          { name: common.begin.transfer, url: '/resellers' },
          { name: common.nav.buy, url: '/buy' },
        ];
        const manifest = {
          id: '/',
          name: common.product,
          short_name: common.product,
          description: words.description,
          lang,
          start_url: '/',
          scope: '/',
          display: 'standalone',
          background_color: '#f6f8f8',
          theme_color: '#0f6b64',
          icons,
          shortcuts,
        };
        this.emitFile({ type: 'asset', fileName: file, source: JSON.stringify(manifest) });
      }
    },
  };
}

/** Builds the service worker next to the page, at a fixed address, as one file that every browser can load. */
export async function buildServiceWorker(outDir: string): Promise<void> {
  const addresses = await readFile(join(outDir, 'addresses.json'), 'utf8');
  await build({
    configFile: false,
    root: here,
    mode: 'production',
    logLevel: 'warn',
    define: { ADDRESSES: addresses },
    build: {
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      reportCompressedSize: false,
      modulePreload: false,
      rolldownOptions: { input: join(here, 'src/service-worker.ts'), output: { format: 'iife', entryFileNames: 'sw.js' } },
    },
  });
}
