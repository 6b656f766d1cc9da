import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes ten seconds or longer, the longest first. */
const LONGEST = [
  'browser/web/settings',
  'db/main',
  'browser/web/actions',
  'db/embedded',
  'browser/web/looks',
  'fault/fleet',
  'browser/web/customers',
  'browser/web/buying',
  'fault/overload',
  'fault/cuts',
  'api/strangers',
  'browser/web/session',
  'browser/web/live',
  'api/gate',
];

/** Starts what is known to be long before the rest, so that no worker is left with it at the end while the other idles. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rankOf(one) - rankOf(other));
  }
}

/** Files with a process of their own come before all others: between them each would end a process that is shared. */
function rankOf({ moduleId, project }: TestSpecification): number {
  if (project.config.isolate) return -1;
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return place < 0 ? LONGEST.length : place;
}
