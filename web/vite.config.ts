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

/** Below this a compressed copy saves less than its header costs. Bytes. */
const WORTH_COMPRESSING = 1_000;

async function compress(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < WORTH_COMPRESSING) return;
  await Promise.all([
    writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 })),
    writeFile(`${path}.br`, await promisify(brotliCompress)(content)),
  ]);
}

/** Writes a .gz and a .br beside every text file, so that the server compresses nothing while it serves. */
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
      // All at once, each on a thread of its own: the best compression of the largest file takes as long as all others together.
      await Promise.all(files.map((file) => compress(join(folder, file))));
    },
  };
}

const DOCUMENT = /\bgraphql\(`\s*(query|mutation|subscription|fragment)\s+(\w+)[^`]*`\)/g;

/**
 * Puts every parsed document where it is used. The client preset's own function looks them up in a map of all documents by
 * their text: every screen's would be part of the first one.
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
        // In brackets: where nothing takes it, as a fragment's, a statement would begin with a brace.
        return `(${document})`;
      });
      return { code: inlined, map: null };
    },
  };
}

const ADDRESS = /\bpath: '(?<segment>[\w-]+)/g;

/** Writes down the first segment of each route: the server answers these with the page, and has no list of its own. */
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
  // The server puts a new one in with every page.
  html: { cspNonce: '%CSP_NONCE%' },
  build: {
    manifest: true,
    emptyOutDir: true,
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Vite warns of large files, which are meant here (ADR-0107). A test bounds what the first screen takes, gzipped.
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
