/** Portuguese texts of access resets and support sessions. */

import type { access as english } from '../en/access.ts';
import type { Translated } from '../words.ts';

export const access: Translated<typeof english> = {
  reset: {
    action: 'Redefinir acesso',
    of: 'Redefinir acesso de {{email}}',
    text: '{{email}} recebe uma senha provisória. As sessões são encerradas e a verificação em duas etapas é desligada. As chaves de API continuam valendo.',
    doneTitle: 'Senha provisória de {{email}}',
    once: 'Só aparece agora e vale por 24 horas. No primeiro acesso, a pessoa escolhe uma senha nova.',
    copyPassword: 'Copiar senha',
    copyMessage: 'Copiar mensagem',
    done: 'Pronto',
    message:
      'Olá! Seu acesso à {{product}} foi redefinido.\n\nEntre em {{address}}\nE-mail: {{email}}\nSenha provisória: {{password}}\n\nEla vale por 24 horas. No primeiro acesso você escolhe uma senha nova.',
  },
  customer: {
    title: 'Acesso ao serviço',
    login: 'Login',
    secret: 'Senha',
    copyLogin: 'Copiar o login',
    copySecret: 'Copiar a senha',
    send: 'Enviar acesso no WhatsApp',
    copyMessage: 'Copiar a mensagem',
    message: 'Olá, {{name}}! Este é o seu acesso.\n\nLogin: {{login}}\nSenha: {{secret}}',
    none: 'Ainda não tem. Redefina o acesso para criar um.',
    reset: 'Redefinir acesso',
    resetOf: 'Redefinir o acesso de {{name}}',
    resetText: 'O acesso atual do cliente deixa de funcionar. Nenhum crédito é gasto.',
    secretHint: 'Deixe em branco para gerar uma senha.',
    choose: 'Escolher login e senha',
    loginHint: 'De 3 a 64 caracteres: a-z 0-9 . _ - (deixe em branco para gerar um login)',
    taken: 'Este login já está em uso: escolha outro.',
    done: 'O acesso de {{name}} foi redefinido.',
    status: { WAITING: 'Aguardando servidor', READY: 'No ar', FAILED: 'Falhou' },
    retry: 'Tentar de novo',
  },
  owners: {
    title: 'Donos',
    text: 'Quem entra neste painel como dono. Se alguém perder o acesso, gere uma senha provisória.',
    lastSignIn: 'Último acesso {{at}}',
    never: 'Ainda não entrou',
    pending: 'Precisa escolher uma senha nova',
    disabled: 'Desativado',
  },
  oneTime: {
    title: 'Escolha uma senha nova',
    text: 'Você entrou com uma senha provisória. Escolha a sua para continuar.',
    current: 'Senha provisória',
    submit: 'Salvar e continuar',
    signOut: 'Sair',
  },
  support: {
    open: 'Ver este painel',
    heading: 'Ver {{name}}',
    text: 'Por 30 minutos você vê o que {{name}} vê, sem poder alterar nada. Os contatos dos clientes ficam ocultos. O painel é avisado da visita e do motivo.',
    reason: 'Motivo',
    reasonHint: 'O painel vê o motivo.',
    needed: 'Informe o motivo',
    submit: 'Ver painel',
    banner: 'Você está vendo {{name}}, somente leitura, até {{until}}.',
    leave: 'Sair da visita',
    seen_PARENT: 'Seu fornecedor está vendo este painel, somente leitura, até {{until}}.',
    seen_PLATFORM: 'A plataforma está vendo este painel, somente leitura, até {{until}}.',
    because: 'Motivo: {{reason}}',
  },
};
