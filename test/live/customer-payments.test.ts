import { afterAll, beforeAll, onTestFinished, test } from 'vitest';
import { startApi } from '../support/clients/api.ts';
import { CustomersWorld, uuidOf } from '../support/clients/customers-api.ts';
import { until } from '../support/until.ts';
import { PayingCustomers } from '../support/worlds/paying-customers.ts';

let world: CustomersWorld;
let paying: PayingCustomers;

beforeAll(async () => {
  world = await CustomersWorld.open();
  paying = new PayingCustomers(world);
});

afterAll(() => world[Symbol.asyncDispose]());

test('R54: a panel is notified at any server when a payment is opened, confirmed and applied', async () => {
  await using elsewhere = await startApi({ databaseUrl: world.databaseUrl });
  const { member, plans } = await paying.panel(20);
  const maria = await world.activated(member);
  const url = await paying.linked(member, maria);
  const events: string[] = [];
  const socket = elsewhere.client.socket(member.token);
  onTestFinished(() => void socket.dispose());
  socket.subscribe<{ customerPaymentChanged: { id: string; status: string; planName: string } }>(
    { query: 'subscription { customerPaymentChanged { id status planName } }' },
    {
      next: ({ data }) => data && events.push(`${data.customerPaymentChanged.planName} ${data.customerPaymentChanged.status}`),
      error: (error) => events.push(JSON.stringify(error)),
      complete: () => {},
    },
  );
  // Opens payments until the subscription is open.
  await until(async () => {
    await paying.choose(url, plans[0]);
    for (const { id } of events.length === 0 ? await paying.paymentsOf(member, 'PENDING') : [])
      await world.sql`UPDATE customer_payment SET status = 'EXPIRED' WHERE id = ${uuidOf(id)}`;
    return events.length > 0;
  });
  await paying.choose(url, plans[0]);
  const [open] = await paying.paymentsOf(member, 'PENDING');
  await paying.confirm(member, open?.id ?? '');
  await until(() => events.includes('Mensal APPLIED'));
  await paying.choose(url, plans[1]);
  await until(() => events.includes('Anual PENDING'));
  const [dear] = await paying.paymentsOf(member, 'PENDING');
  await paying.confirm(member, dear?.id ?? '');
  await until(() => events.includes('Anual PAID_UNFUNDED'));
  await world.client.mutate(world.demo.root, 'transferCredits', {
    toResellerId: member.id,
    amount: 24,
    idempotencyKey: world.key(),
  });
  await until(() => events.includes('Anual APPLIED'));
});
