/** English texts of the installed application, and of its offline page. */

export const install = {
  description: 'Customers, credits and resellers of your panel',
  offline: 'You are offline',
  why: 'To show only current balances and dates, the panel needs a connection. Nothing was spent.',
  back: 'It opens automatically as soon as the connection is back.',
  retry: 'Try again',
} as const;

declare module '../words.ts' {
  interface Resources {
    install: typeof install;
  }
}
