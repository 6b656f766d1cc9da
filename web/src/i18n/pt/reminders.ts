/** Portuguese texts of reminder rules. */

import type { reminders as english } from '../en/reminders.ts';
import type { Translated } from '../words.ts';

export const reminders: Translated<typeof english> = {
  title: 'Lembretes',
  text: 'Quando seus clientes são lembrados do vencimento. Cada regra avisa uma vez por vencimento. Quem já renovou ou cancelou não recebe.',
  messages: 'Mensagens de hoje',
  none: 'Você ainda não tem regras: ninguém é lembrado.',
  begin: 'Começar com as mais usadas',
  add: 'Adicionar regra',
  numbered: 'Regra {{place}}',
  remove: 'Remover regra {{place}}',
  moment: 'Quando',
  moments: {
    before: 'Dias antes do vencimento',
    onDay: 'No dia do vencimento',
    after: 'Dias depois do vencimento',
    trialBefore: 'Horas antes do fim do teste',
    trialAfter: 'Horas depois do fim do teste',
  },
  days: 'Dias',
  hours: 'Horas',
  hour: 'Às',
  channel: 'Como',
  channels: {
    QUEUE: 'Na lista do dia, por WhatsApp',
    EMAIL: 'Por e-mail, se o contato for um e-mail',
    WEBHOOK: 'Por webhook',
  },
  channelProblem: {
    NO_MAIL: 'Este servidor não envia e-mails, então esta regra não envia nada.',
    NO_ENDPOINT:
      'Nenhum webhook ativo deste painel recebe “Cliente a lembrar” (Configurações › Integrações), então esta regra não envia nada.',
  },
  template: 'Texto',
  fields: 'Campos',
  insert: 'Inserir {{name}}',
  preview: 'O que seu cliente vai ler:',
  previewOf: 'Prévia da regra {{place}}',
  saved: 'Os lembretes foram salvos.',
  usual: {
    before: 'Olá, {nome}! Seu acesso vence em {vencimento}, daqui a {dias} dia(s). Vamos renovar? {revenda}',
    onDay: 'Olá, {nome}! Seu acesso vence hoje, às {hora}. Vamos renovar? {revenda}',
    after: 'Olá, {nome}! Seu acesso venceu em {vencimento}. Vamos renovar? {revenda}',
  },
  problem: {
    days: 'De 1 a 30',
    hours: 'De 0 a 24',
    twice: 'Outra regra já tem este momento',
    filled: 'Preencha este campo',
    unknown: 'Não existe o campo “{{name}}”',
  },
};
