/** English words of the installed application, and of its page without a connection. */

export const install = {
  description: 'Customers, credits and resellers of your panel',
  offline: 'You are offline',
  why: 'Balances and dates are not shown from memory: only the server knows what they are now. Nothing was spent.',
  back: 'The panel opens by itself as soon as the connection is back.',
  retry: 'Try again',
} as const;

declare module '../words.ts' {
  interface Resources {
    install: typeof install;
  }
}
