import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TallyReporter } from './test/helpers/tally-reporter.ts';

export default defineConfig({
  resolve: {
    // The package has an ES and a CommonJS build; a schema made with one is refused by the other.
    alias: [{ find: /^graphql$/, replacement: fileURLToPath(new URL('node_modules/graphql/index.js', import.meta.url)) }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', new TallyReporter()],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
