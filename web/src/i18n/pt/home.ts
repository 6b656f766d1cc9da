/** Portuguese words of the start page. */

import type { home as english } from '../en/home.ts';
import type { Translated } from '../words.ts';

export const home: Translated<typeof english> = {
  title: 'Início',
  balance: 'Saldo',
  reserve_one: 'Avisar quando restar {{amount}}',
  reserve_other: 'Avisar quando restarem {{amount}}',
  low: 'Saldo baixo: compre ou peça créditos antes que o painel bloqueie.',
  renewals_one: 'Dá para cerca de {{amount}} renovação',
  renewals_other: 'Dá para cerca de {{amount}} renovações',
  due: {
    label: 'Quem está vencendo',
    yesterday: 'Ontem',
    today: 'Hoje',
    tomorrow: 'Amanhã',
    in2: 'Em 2 dias',
    in3: 'Em 3 dias',
    soon: 'Em 7 dias',
    over: 'Vencidos',
    trials: 'Testes',
  },
  messages: 'Mensagens de hoje ({{amount}})',
  children: {
    title: 'Sub-revendas',
    order: 'Qual primeiro',
    locks: 'Trava primeiro',
    sells: 'Mais vende',
    sold: 'usou {{amount}} em 30 dias',
    lasts_one: 'dura cerca de {{amount}} dia',
    lasts_other: 'dura cerca de {{amount}} dias',
  },
  customers: 'Clientes ativos',
  branch: '{{amount}} com as sub-revendas',
  spent: 'Gastos em 30 dias',
  renewed: '{{fresh}} novos, {{renewed}} renovados',
  consumption: 'Créditos consumidos',
  latest: 'Últimos movimentos',
  all: 'Ver tudo',
  empty: 'Ainda não há movimentos',
  emptyText: 'Os créditos recebidos e gastos aparecem aqui na hora.',
  quick: 'Ações rápidas',
  activate: 'Ativar cliente',
  newReseller: 'Novo revendedor',
  transfer: 'Transferir',
  buy: 'Comprar',
};
