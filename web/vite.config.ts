/** How Vite builds the web application: chunks, compressed copies, browsers. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { chunkGroups } from './chunks.ts';
import { manifests } from './install.ts';
import * as documents from './src/gql/graphql.ts';

/** In smaller files a compressed copy saves less than its header costs. Bytes. */
const WORTH_COMPRESSING = 1_000;

async function compress(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < WORTH_COMPRESSING) return;
  await Promise.all([
    writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 })),
    writeFile(`${path}.br`, await promisify(brotliCompress)(content)),
  ]);
}

/** Writes a .gz and a .br next to every text file, so that the server never compresses a response itself. */
function precompress(): Plugin {
  let folder = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved: (config) => {
      folder = config.build.outDir;
    },
    async closeBundle() {
      const files = (await readdir(folder, { recursive: true })).filter((file) => /\.(js|css|svg)$/.test(file));
      // Compresses all files concurrently, in separate threads: the largest file takes as long as all the others together.
      await Promise.all(files.map((file) => compress(join(folder, file))));
    },
  };
}

const DOCUMENT = /\bgraphql\(`\s*(query|mutation|subscription|fragment)\s+(\w+)[^`]*`\)/g;

/**
 * Replaces each `graphql()` call with its parsed document. The client preset's own function looks documents up in one map, so
 * the first screen would load the documents of every screen.
 */
function inlineDocuments(): Plugin {
  const parsed = new Map(Object.entries(documents).map(([name, document]) => [name, JSON.stringify(document)]));
  return {
    name: 'inline-documents',
    apply: 'build',
    enforce: 'pre',
    transform: (code, id) => {
      if (id.includes('/src/gql/') || !code.includes('graphql(`')) return null;
      const inlined = code.replace(DOCUMENT, (_, kind: string, name: string) => {
        const document = parsed.get(`${name}${kind === 'fragment' ? 'FragmentDoc' : 'Document'}`);
        if (document === undefined) throw new Error(`web/src/gql does not know ${kind} ${name}: run \`npm run codegen\`.`);
        // In parentheses: an unused result, as a fragment's, would otherwise begin a statement with a brace.
        return `(${document})`;
      });
      return { code: inlined, map: null };
    },
  };
}

const ADDRESS = /\bpath: '(?<segment>[\w-]+)/g;

/** Lists the first path segment of each route. The server serves the page at these addresses and has no other list. */
function listAddresses(): Plugin {
  return {
    name: 'list-addresses',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/src/routes.tsx')) return null;
      const segments = new Set(['', ...[...code.matchAll(ADDRESS)].map(({ groups }) => groups?.segment ?? '')]);
      this.emitFile({ type: 'asset', fileName: 'addresses.json', source: JSON.stringify([...segments].sort()) });
      return null;
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [inlineDocuments(), listAddresses(), manifests(), react(), precompress()],
  // The server inserts a new nonce into every page.
  html: { cspNonce: '%CSP_NONCE%' },
  build: {
    manifest: true,
    emptyOutDir: true,
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Large files are intended here (ADR-0107), so Vite need not warn. A test limits the first screen's gzipped size.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: { output: { codeSplitting: { groups: [...chunkGroups()] } } },
  },
  server: {
    proxy: {
      '/graphql': { target: 'http://localhost:4000', ws: true },
      '/export': 'http://localhost:4000',
      '^/r/': 'http://localhost:4000',
    },
  },
});
