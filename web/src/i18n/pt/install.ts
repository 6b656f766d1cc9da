/** Portuguese texts of the installed application, and of its offline page. */

import type { install as english } from '../en/install.ts';
import type { Translated } from '../words.ts';

export const install: Translated<typeof english> = {
  description: 'Clientes, créditos e revendedores do seu painel',
  offline: 'Você está sem conexão',
  why: 'Para mostrar só saldos e vencimentos atuais, o painel precisa de conexão. Nada foi gasto.',
  back: 'Ele abre sozinho assim que a conexão voltar.',
  retry: 'Tentar de novo',
};
