import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { TallyReporter } from './test/support/tally-reporter.ts';

/** One watches a module as it is loaded, the others weigh the whole heap: each in a process that no other file was in. */
const APART = ['test/identity/email-password.test.ts', 'test/api/export.test.ts', 'test/api/import-memory.test.ts'];

export default defineConfig({
  resolve: {
    // The package has an ES and a CommonJS build; a schema made with one is refused by the other.
    alias: [{ find: /^graphql$/, replacement: fileURLToPath(new URL('node_modules/graphql/index.js', import.meta.url)) }],
  },
  test: {
    projects: [
      // To load the server took each file longer than most of them test: a worker keeps what it has loaded, none of which remembers a test.
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: APART, isolate: false } },
      { extends: true, test: { name: 'apart', include: APART } },
    ],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/close-leftovers.ts'],
    pool: 'forks',
    // One more than two cores: while the tests of one wait, as for a time-out or a page that loads itself again, another's run.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // For the servers that tests start, dozens of them: what one has compiled the next only reads.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node', import.meta.url)) },
    reporters: ['default', new TallyReporter()],
    // Longer than the patience of what waits in a test, which says better what did not come.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
