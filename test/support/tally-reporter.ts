/** A reporter for vitest that prints the totals of a run. */

import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Prints "N passed, N failed" on a line of its own at the end. An error outside a test counts as a failure. */
export class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const failed = tests.filter((test) => test.result().state === 'failed').length;
    const outside = modules.flatMap((module) => [module, ...module.children.allSuites()]).flatMap((entity) => entity.errors());
    console.log(`${passed} passed, ${failed + outside.length + unhandledErrors.length} failed`);
  }
}
