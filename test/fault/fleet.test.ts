import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAULTS } from '../soak/faults.ts';
import { openScene, type Scene } from '../soak/scene.ts';
import { answered, type Founding, founding, tryFault } from '../soak/verify.ts';
import { copyCluster, makeFolder } from '../support/worlds/database.ts';

/** Faults that other tests do not cover, or not with whole servers, HTTP callers and subscribers. */
const TRIED = [
  'a server killed, and started again',
  'Postgres killed, and started at once',
  'connections cut in COMMIT',
  'every connection of Postgres taken',
  'what reads locked by a stranger',
  'clocks moved by an hour, on and back',
  '40001 forced',
  '40P01 forced',
  '53100 (disk full) forced',
];

let scene: Scene;
let before: Founding;

beforeAll(async () => {
  scene = await openScene({ folder: await copyCluster(await makeFolder()), callers: 12, sockets: 60, endsEveryMs: 250, disk: null });
  before = await founding(scene);
});

afterAll(async () => {
  await scene?.close();
});

for (const fault of FAULTS.filter(({ name }) => TRIED.includes(name))) {
  test(`three servers under load: ${fault.name}: nothing is lost, doubled or missed, and they serve again by themselves`, async () => {
    // It lasts until the callers, who go on, have met it.
    const finding = await tryFault(scene, fault, before, () => answered(scene));
    expect(finding).toMatchObject({ lost: 0, doubled: 0, versionsMissed: 0, versionsDoubled: 0, problems: [] });
    expect(finding.acknowledged).toBeGreaterThan(0);
  });
}
