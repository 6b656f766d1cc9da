import { type Contestant, throughPrisma, throughQueue, throughTransactions } from './contestants.ts';
import { callAgain } from './measure.ts';
import type { Floor } from './report.ts';
import type { Cell } from './rounds.ts';
import { throughQueueWithFeed } from './subscribers.ts';
import { hotly, openQueue, type Pick, plant, randomly } from './world.ts';

const CALLERS = 64;
const MANY_CALLERS = 1024;
const PRISMA_POOLS = [10, 64];
const TRANSACTION_POOLS = [1, 8, 16, 64];
const MORE_TENANTS = [32, 256];
const SUBSCRIBERS = 100;

type Shape = 'random' | 'hot';

const queueCell = (callers: number, shape: Shape) => `queue, ${callers} callers, ${shape}`;
const prismaCell = (pool: number, shape: Shape) => `Prisma interactive, pool of ${pool}, ${shape}`;
const transactionCell = (pool: number, shape: Shape) => `a transaction each, pool of ${pool}, ${shape}`;
const feedCell = (subscribers: number) => `queue, ${CALLERS} callers, random, feed with ${subscribers} subscribers`;

/** The cells below HTTP, on trees of their own. */
export async function postingCells(url: string): Promise<readonly Cell[]> {
  const forest = await plant(url, 1);
  const queue = () => throughQueue(openQueue(url));
  const cells: Cell[] = [];
  for (const [shape, pick] of [
    ['random', randomly(forest)],
    ['hot', hotly(forest)],
  ] as const) {
    cells.push(cellOf(queueCell(CALLERS, shape), queue, CALLERS, pick));
    cells.push(cellOf(queueCell(MANY_CALLERS, shape), queue, MANY_CALLERS, pick));
    cells.push(...PRISMA_POOLS.map((pool) => cellOf(prismaCell(pool, shape), () => throughPrisma(url, pool), CALLERS, pick)));
    cells.push(
      ...TRANSACTION_POOLS.map((pool) => cellOf(transactionCell(pool, shape), () => throughTransactions(url, pool), CALLERS, pick)),
    );
  }
  for (const tenants of MORE_TENANTS) {
    cells.push(cellOf(`${queueCell(CALLERS, 'random')}, ${tenants} tenants`, queue, CALLERS, randomly(await plant(url, tenants))));
  }
  for (const count of [0, SUBSCRIBERS]) {
    cells.push(cellOf(feedCell(count), () => throughQueueWithFeed(url, forest, count), CALLERS, randomly(forest)));
  }
  return cells;
}

export const POSTING_FLOORS: readonly Floor[] = [
  ...(['random', 'hot'] as const).map((shape) => ({
    what: `posting, ${CALLERS} callers, ${shape} ÷ Prisma interactive`,
    over: queueCell(CALLERS, shape),
    under: PRISMA_POOLS.map((pool) => prismaCell(pool, shape)),
    atLeast: 20,
  })),
  {
    what: `posting, ${CALLERS} callers, hot ÷ a transaction each`,
    over: queueCell(CALLERS, 'hot'),
    under: TRANSACTION_POOLS.map((pool) => transactionCell(pool, 'hot')),
    atLeast: 5,
  },
  { what: `posting with ${SUBSCRIBERS} live subscribers ÷ without`, over: feedCell(SUBSCRIBERS), under: [feedCell(0)], atLeast: 0.9 },
];

function cellOf(name: string, open: () => Contestant | Promise<Contestant>, callers: number, pick: Pick): Cell {
  return {
    name,
    async open() {
      const contestant = await open();
      return {
        load: (forMs) => callAgain(callers, forMs, () => contestant.transfer(pick())),
        close: () => contestant.close(),
      };
    },
  };
}
