/** English words of the start page. */

export const home = {
  title: 'Home',
  balance: 'Balance',
  reserve_one: 'Warn when {{amount}} is left',
  reserve_other: 'Warn when {{amount}} are left',
  low: 'Running low: buy or ask for credits before the panel locks.',
  customers: 'Active customers',
  branch: '{{amount}} with the sub-resellers',
  expiring: 'Expiring in 7 days',
  expiringNote: 'Renew them before they leave',
  nobodyExpiring: 'Nobody',
  spent: 'Spent in 30 days',
  renewed: '{{fresh}} new, {{renewed}} renewed',
  consumption: 'Credits consumed',
  latest: 'Latest movements',
  all: 'Show all',
  empty: 'No movements yet',
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
