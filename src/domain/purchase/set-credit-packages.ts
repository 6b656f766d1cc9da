/** The use case setCreditPackages: replaces a seller's price list (R26). */

import { plainArray } from '../../db/arrays/literal.ts';
import type { Acting } from '../../kernel/actor.ts';
import { PLATFORM_MINIMUM_PURCHASE } from '../../kernel/credits.ts';
import { type FieldProblem, InvalidInput } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { recordAudit } from '../audit/record.ts';
import { BAD_CURRENCY, isCurrency } from '../currency.ts';
import { requireRole } from '../input.ts';
import type { Ports } from '../ports.ts';
import { SELLER_ROLES } from './payment-accounts.ts';
import { type PackagePrice, packageProblems } from './price.ts';
import { asSeller, type CreditPackage, isPlatform, minimumPurchaseOf } from './seller.ts';
import { transactAsSeller } from './transact-as-seller.ts';

export interface SetCreditPackagesInput {
  readonly currency: string;
  readonly packages: readonly PackagePrice[];
}

/** Replaces the acting seller's whole price list (R26). Existing purchases keep their price. */
export async function setCreditPackages(
  ports: Pick<Ports, 'sql'>,
  { actor, address }: Acting,
  { currency, packages }: SetCreditPackagesInput,
): Promise<readonly CreditPackage[]> {
  requireRole(actor, SELLER_ROLES);
  const problems: FieldProblem[] = isCurrency(currency) ? [] : [{ path: 'input.currency', message: BAD_CURRENCY }];
  const minimum = isPlatform(asSeller(actor)) ? PLATFORM_MINIMUM_PURCHASE : await minimumPurchaseOf(ports.sql, actor.tenantId);
  problems.push(...packageProblems(packages, 'input.packages', minimum));
  if (problems.length > 0) throw new InvalidInput(problems);
  const seller = asSeller(actor);
  const { tenantId } = seller;
  const list = packages.map((one): CreditPackage => ({ tenantId, id: uuidv7(), currency, ...pick(one) }));
  await transactAsSeller(ports, actor, SELLER_ROLES, async (tx) => {
    const before = await tx<(PackagePrice & { currency: string })[]>`
      WITH old AS (DELETE FROM credit_package WHERE tenant_id = ${tenantId} AND seller_id = ${seller.id} RETURNING *)
      SELECT quantity, unit_price_minor AS "unitPriceMinor", currency FROM old ORDER BY quantity`;
    await tx`
      INSERT INTO credit_package (tenant_id, seller_id, id, quantity, unit_price_minor, currency)
      SELECT ${tenantId}, ${seller.id}, id, quantity, unit_price_minor, ${currency}
      FROM unnest(${plainArray(list.map(({ id }) => id))}::uuid[], ${plainArray(list.map(({ quantity }) => String(quantity)))}::bigint[],
        ${plainArray(list.map(({ unitPriceMinor }) => String(unitPriceMinor)))}::bigint[]) AS given (id, quantity, unit_price_minor)`;
    await recordAudit(tx, {
      tenantId,
      resellerId: actor.panel?.id ?? null,
      actorId: actor.userId,
      address,
      action: 'CREDIT_PACKAGES_SET',
      subject: null,
      changes: [{ field: 'packages', before: inWords(before), after: inWords(list) }],
    });
    return list;
  });
  return list;
}

/** Drops any other fields of the input object. */
function pick({ quantity, unitPriceMinor }: PackagePrice): PackagePrice {
  return { quantity, unitPriceMinor };
}

/** The list for people to read: quantities and unit prices in minor units. */
function inWords(list: readonly (PackagePrice & { readonly currency: string })[]): string | null {
  const [first] = list;
  if (first === undefined) return null;
  return `${list.map(({ quantity, unitPriceMinor }) => `${quantity} at ${unitPriceMinor}`).join(', ')} (${first.currency}, minor units)`;
}
