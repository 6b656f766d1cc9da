/** Portuguese words of the day's messages. */

import type { messages as english } from '../en/messages.ts';
import type { Translated } from '../words.ts';

export const messages: Translated<typeof english> = {
  title: 'Mensagens de hoje',
  titleCounted: 'Mensagens de hoje ({{amount}})',
  rules: 'Regras de lembretes',
  waiting: 'A enviar',
  none: 'Nenhuma mensagem esperando',
  allSent: 'Todas enviadas',
  noneText: 'As mensagens chegam na hora das suas regras de lembretes. Quem já renovou sai da lista.',
  more: 'Mais {{amount}} aparecem quando estas forem enviadas.',
  sent: 'Enviadas ({{amount}})',
  sentList: 'Mensagens enviadas',
  sentAt: 'enviada {{at}}',
  noNumber: 'O contato não é um telefone: {{contact}}',
  copy: 'Copiar',
  whatsapp: 'WhatsApp',
  whatsappTo: 'WhatsApp para {{name}}',
  tick: 'Enviada',
  tickOf: 'Enviada: {{name}}',
  notSent: 'Não enviada',
  notSentOf: 'Não enviada: {{name}}',
};
