/** Portuguese words of the statement. */

import type { statement as english } from '../en/statement.ts';
import type { Translated } from '../words.ts';

export const statement: Translated<typeof english> = {
  title: 'Créditos',
  statement: 'Extrato',
  column: { when: 'Quando', kind: 'Movimento', delta: 'Créditos', balance: 'Saldo', who: 'Com quem', note: 'Observação' },
  filter: { kinds: 'Movimentos', allKinds: 'Todos', period: 'Período', anyTime: 'Qualquer data', clear: 'Limpar' },
  csv: 'CSV',
  csvHint: 'Baixar o que está filtrado como arquivo CSV',
  buy: 'Comprar créditos',
  empty: 'Ainda não há movimentos',
  emptyText: 'Os créditos recebidos e gastos aparecem aqui na hora.',
  emptyFiltered: 'Nada corresponde a estes filtros',
  by: 'por {{actor}}',
};
