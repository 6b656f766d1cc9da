/** Asks tenant by tenant what was asked of several: a statement of a distributed database names one (ADR-0129). */

interface OfTenant {
  readonly tenantId: string;
}

/** The answers in the order asked; `ask` gives one for each that it was asked, in its order. Tenants are asked side by side. */
export async function byTenant<Asked extends OfTenant, Answer>(
  asked: readonly Asked[],
  ask: (tenantId: string, asked: readonly Asked[]) => Promise<readonly Answer[]>,
): Promise<Answer[]> {
  const groups = [...Map.groupBy(asked.entries(), ([, { tenantId }]) => tenantId)];
  const answered = await Promise.all(
    groups.map(async ([tenantId, group]) => {
      const answers = await ask(
        tenantId,
        group.map(([, one]) => one),
      );
      if (answers.length !== group.length) throw new Error('an answer for each that was asked');
      return answers.map((answer, index) => [group[index]?.[0] ?? 0, answer] as const);
    }),
  );
  return answered
    .flat()
    .sort(([a], [b]) => a - b)
    .map(([, answer]) => answer);
}

/** The rows of all tenants, in no order. */
export async function rowsByTenant<Asked extends OfTenant, Row>(
  asked: readonly Asked[],
  ask: (tenantId: string, asked: readonly Asked[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const groups = [...Map.groupBy(asked, ({ tenantId }) => tenantId)];
  return (await Promise.all(groups.map(([tenantId, group]) => ask(tenantId, group)))).flat();
}
