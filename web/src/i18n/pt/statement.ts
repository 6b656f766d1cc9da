/** Portuguese texts of the statement. */

import type { statement as english } from '../en/statement.ts';
import type { Translated } from '../words.ts';

export const statement: Translated<typeof english> = {
  title: 'Créditos',
  statement: 'Extrato',
  column: { when: 'Quando', kind: 'Movimentação', delta: 'Créditos', balance: 'Saldo', who: 'Com quem', note: 'Observação' },
  filter: { kinds: 'Movimentações', allKinds: 'Todas', period: 'Período', anyTime: 'Qualquer data', clear: 'Limpar' },
  csv: 'CSV',
  csvHint: 'Baixar esta lista em CSV',
  buy: 'Comprar créditos',
  empty: 'Ainda não há movimentações',
  emptyText: 'Os créditos recebidos e gastos aparecem aqui na hora.',
  emptyFiltered: 'Nada encontrado com estes filtros',
  by: 'por {{actor}}',
};
