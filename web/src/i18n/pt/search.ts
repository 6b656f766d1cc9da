/** Portuguese texts of the search. */

import type { search as english } from '../en/search.ts';
import type { Translated } from '../words.ts';

export const search: Translated<typeof english> = {
  field: 'Buscar clientes, revendedores, pedidos e telas',
  hint: 'Cliente, revenda ou #pedido',
  results: 'Resultados',
  customers: 'Clientes',
  resellers: 'Revendedores',
  orders: 'Pedidos',
  actions: 'Ações',
  screens: 'Ir para',
  newReseller: 'Novo revendedor',
  team: 'Equipe',
  sold: 'Pedido #{{number}}, vendido a {{buyer}}',
  soldAway: 'Pedido #{{number}}, vendido',
  bought: 'Pedido #{{number}}, comprado',
  credits_one: '{{amount}} crédito',
  credits_other: '{{amount}} créditos',
  under: 'abaixo de {{name}}',
  asking: 'Buscando…',
  none: 'Nada encontrado para “{{text}}”',
  noneHint: 'Tente parte do nome, o contato ou o número do pedido, como #1042.',
  failed: 'O servidor não respondeu. Podem faltar resultados.',
};
