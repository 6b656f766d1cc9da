import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { YOUNG_GENERATION } from './test/support/processes/node-settings.ts';
import { TallyReporter } from './test/support/tally-reporter.ts';

/** Tests that need a fresh process: the first watches how a module is loaded, the others measure the whole heap. */
const APART = ['test/identity/email-password.test.ts', 'test/api/export.test.ts', 'test/api/import-memory.test.ts'];

export default defineConfig({
  test: {
    projects: [
      // Loading the server takes longer than most test files. So a worker keeps loaded modules (`isolate: false`); no module keeps state of a test.
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: APART, isolate: false } },
      { extends: true, test: { name: 'apart', include: APART } },
    ],
    // Node itself loads the modules, as in production (ADR-0143).
    experimental: { viteModuleRunner: false, nodeLoader: false },
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/close-leftovers.ts'],
    pool: 'forks',
    execArgv: [YOUNG_GENERATION],
    // Twice as many as two cores: while some wait, for example for a time-out or a page that reloads, others run.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // For the dozens of servers that tests start: each reads the code that an earlier one has compiled.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node', import.meta.url)) },
    reporters: ['default', new TallyReporter()],
    // Longer than the deadline of waits inside a test (PATIENCE_MS), whose error says better what did not happen.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
