import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The test files that take ten seconds or longer, the longest first. */
const LONGEST = [
  'fault/fleet',
  'browser/web/settings',
  'api/strangers',
  'browser/web/everyday',
  'browser/web/looks',
  'browser/web/lists',
  'db/main',
  'db/upgrade',
  'browser/web/customers',
  'browser/web/actions',
  'browser/web/renewal',
  'db/embedded',
  'property/decide',
  'browser/web/customer-paying',
  'browser/web/session',
  'feed/processes',
  'browser/web/live',
  'browser/web/buying',
  'webhooks/deliveries',
  'db/migrate',
  'browser/web/undo',
  'browser/web/paying',
  'browser/web/access',
  'fault/cuts',
  'browser/web/locked',
  'api/gate',
  'fault/overload',
  'fault/webhooks',
  'browser/web/importing',
  'api/import-upload',
  'attack/matrix',
  'browser/web/money',
  'fault/imports',
  'fault/webhook-outages',
  'attack/ids',
  'api/ends',
  'api/password-reset',
  'fault/strangers',
  'browser/web/reminders',
  'outbox/outbox',
  'api/export',
];

/** Starts the longest files first, so that no worker runs one at the end while the others are idle. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rankOf(one) - rankOf(other));
  }
}

/** Files with a process of their own come first: between others, each of them would end a shared process. */
function rankOf({ moduleId, project }: TestSpecification): number {
  if (project.config.isolate) return -1;
  const index = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return index < 0 ? LONGEST.length : index;
}
