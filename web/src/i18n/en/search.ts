/** English words of the search. */

export const search = {
  field: 'Search customers, resellers, orders and screens',
  hint: 'Customer, reseller or #order',
  results: 'Found',
  customers: 'Customers',
  resellers: 'Resellers',
  orders: 'Orders',
  actions: 'Do',
  screens: 'Go to',
  newReseller: 'New reseller',
  team: 'Team',
  sold: 'Order #{{number}}, sold to {{buyer}}',
  soldAway: 'Order #{{number}}, sold',
  bought: 'Order #{{number}}, bought',
  credits_one: '{{amount}} credit',
  credits_other: '{{amount}} credits',
  under: 'under {{name}}',
  asking: 'Searching…',
  none: 'Nothing found for “{{text}}”',
  noneHint: 'Try a part of the name, the contact, or the number of an order, as #1042.',
  failed: 'The server did not answer. What you see is not everything.',
} as const;

declare module '../words.ts' {
  interface Resources {
    search: typeof search;
  }
}
