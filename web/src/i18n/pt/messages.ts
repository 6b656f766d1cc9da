/** Portuguese texts of the day's messages. */

import type { messages as english } from '../en/messages.ts';
import type { Translated } from '../words.ts';

export const messages: Translated<typeof english> = {
  title: 'Mensagens de hoje',
  titleCounted: 'Mensagens de hoje ({{amount}})',
  rules: 'Regras de lembrete',
  waiting: 'Para enviar',
  none: 'Nenhuma mensagem para enviar',
  allSent: 'Todas enviadas',
  noneText: 'As mensagens aparecem nos horários das suas regras de lembrete. Quem já renovou sai da lista.',
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
