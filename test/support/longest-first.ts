import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The test files that take ten seconds or longer, the longest first. */
const LONGEST = [
  'fault/fleet',
  'api/strangers',
  'db/main',
  'browser/web/settings',
  'db/upgrade',
  'property/decide',
  'browser/web/everyday',
  'browser/web/lists',
  'browser/web/looks',
  'browser/web/customers',
  'api/gate',
  'processes/sharing',
  'browser/web/actions',
  'db/migrate',
  'browser/web/undo',
  'attack/matrix',
  'fault/imports',
  'browser/web/buying',
  'browser/web/live',
  'processes/several',
  'fault/cuts',
  'browser/web/renewal',
  'browser/web/paying',
  'browser/web/access',
  'attack/ids',
  'server/operation-costs',
  'ledger/sale-races',
  'feed/processes',
  'browser/web/session',
  'browser/web/locked',
  'db/embedded',
  'browser/web/customer-paying',
  'webhooks/deliveries',
  'browser/web/importing',
  'fault/overload',
  'fault/webhooks',
  'api/import-upload',
  'api/ends',
  'reads/replica',
  'browser/web/reminders',
  'browser/web/money',
  'api/reminders',
  'fault/webhook-outages',
  'property/database',
  'live/resume',
  'api/password-reset',
  'api/api-keys',
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
