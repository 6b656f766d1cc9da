/** English texts of the statement. */

export const statement = {
  title: 'Credits',
  statement: 'Statement',
  column: { when: 'When', kind: 'Type', delta: 'Credits', balance: 'Balance', who: 'With', note: 'Note' },
  filter: { kinds: 'Type', allKinds: 'All transactions', period: 'Period', anyTime: 'Any time', clear: 'Clear' },
  csv: 'CSV',
  csvHint: 'Download this list as a CSV file',
  buy: 'Buy credits',
  empty: 'No transactions yet',
  emptyText: 'Credits you receive and spend appear here as they happen.',
  emptyFiltered: 'Nothing matches these filters',
  by: 'by {{actor}}',
} as const;

declare module '../words.ts' {
  interface Resources {
    statement: typeof statement;
  }
}
