/** Portuguese words of the installed application, and of its page without a connection. */

import type { install as english } from '../en/install.ts';
import type { Translated } from '../words.ts';

export const install: Translated<typeof english> = {
  description: 'Clientes, créditos e revendedores do seu painel',
  offline: 'Você está sem conexão',
  why: 'Saldos e vencimentos não são mostrados de memória: só o servidor sabe quais são agora. Nada foi gasto.',
  back: 'O painel abre sozinho assim que a conexão voltar.',
  retry: 'Tentar de novo',
};
