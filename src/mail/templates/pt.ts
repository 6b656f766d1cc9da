/** The mails in Brazilian Portuguese. */

import type { Words } from './words.ts';

const NOT_YOU = 'Se não foi você, avise agora quem cuida do seu painel.';

export const pt: Words = {
  passwordReset: ({ link, minutes }) => ({
    subject: 'Nova senha para o seu painel',
    paragraphs: ['Alguém pediu uma nova senha para a sua conta.', `Este link funciona uma vez, durante ${minutes} minutos:`],
    action: { label: 'Escolher nova senha', link },
    after: ['Se não foi você que pediu, não faça nada: a sua senha continua a mesma.'],
  }),
  passwordChanged: () => ({
    subject: 'Sua senha foi alterada',
    paragraphs: ['A senha da sua conta foi alterada pelo link que você recebeu, e todas as sessões foram encerradas.', NOT_YOU],
  }),
  accessReset: () => ({
    subject: 'Seu acesso foi redefinido',
    paragraphs: [
      'Quem cuida do seu painel criou uma senha provisória para a sua conta. Os códigos de uso único foram desligados, e todas as sessões foram encerradas.',
      'Peça a senha a essa pessoa: você escolhe a sua ao entrar.',
      NOT_YOU,
    ],
  }),
  emailChanged: ({ newEmail }) => ({
    subject: 'Seu e-mail foi alterado',
    paragraphs: [`Sua conta agora entra com este e-mail: ${newEmail}`, NOT_YOU],
  }),
  webhookDisabled: ({ host, isGone }) => ({
    subject: 'Um webhook do seu painel foi desativado',
    paragraphs: [
      isGone
        ? `O endereço em ${host} respondeu que não existe mais, e não recebe mais avisos.`
        : `O endereço em ${host} não aceitou nenhum aviso por cinco dias, e não recebe mais avisos.`,
      'Os avisos pendentes continuam guardados. Depois de corrigir o problema, ative o endereço em Configurações › Integrações.',
    ],
  }),
  reminder: ({ seller, text }) => ({
    subject: `${seller}: seu acesso`,
    paragraphs: text.split('\n').filter((line) => line.trim() !== ''),
    signature: seller,
  }),
};
