import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes ten seconds or longer, the longest first. */
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
