/** English texts of the start page. */

export const home = {
  title: 'Home',
  balance: 'Balance',
  reserve_one: 'Warn when {{amount}} is left',
  reserve_other: 'Warn when {{amount}} are left',
  low: 'Running low: buy or ask for credits before the panel locks.',
  renewals_one: 'Enough for about {{amount}} renewal',
  renewals_other: 'Enough for about {{amount}} renewals',
  due: {
    label: 'Expiring customers',
    yesterday: 'Yesterday',
    today: 'Today',
    tomorrow: 'Tomorrow',
    in2: 'In 2 days',
    in3: 'In 3 days',
    soon: 'Within 7 days',
    over: 'Expired',
    trials: 'Trials',
  },
  messages: "Today's messages ({{amount}})",
  children: {
    title: 'Sub-resellers',
    order: 'Sort by',
    locks: 'Locks first',
    sells: 'Sells most',
    sold: 'used {{amount}} in 30 days',
    lasts_one: 'lasts about {{amount}} day',
    lasts_other: 'lasts about {{amount}} days',
  },
  customers: 'Active customers',
  branch: '{{amount}} including sub-resellers',
  spent: 'Spent in 30 days',
  renewed: '{{fresh}} new, {{renewed}} renewed',
  received: 'Received in 30 days',
  profit: 'Profit {{amount}}',
  noCost: 'Cost of credits unknown',
  expected: 'Expected in 30 days',
  expectedNote: 'Plans of customers who expire',
  consumption: 'Credits consumed',
  latest: 'Latest transactions',
  all: 'Show all',
  empty: 'No transactions yet',
  emptyText: 'Credits you receive and spend appear here as they happen.',
  quick: 'Quick actions',
  activate: 'Activate customer',
  newReseller: 'New reseller',
  transfer: 'Transfer',
  buy: 'Buy credits',
} as const;

declare module '../words.ts' {
  interface Resources {
    home: typeof home;
  }
}
