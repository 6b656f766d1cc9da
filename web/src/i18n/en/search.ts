/** English texts of the search. */

export const search = {
  field: 'Search customers, resellers, orders and screens',
  hint: 'Customer, reseller or #order',
  results: 'Results',
  customers: 'Customers',
  resellers: 'Resellers',
  orders: 'Orders',
  actions: 'Actions',
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
  noneHint: 'Try part of the name, the contact, or an order number such as #1042.',
  failed: 'The server did not respond. Some results may be missing.',
} as const;

declare module '../words.ts' {
  interface Resources {
    search: typeof search;
  }
}
