/** Portuguese words of getting back in, and of looking at another panel. */

import type { access as english } from '../en/access.ts';
import type { Translated } from '../words.ts';

export const access: Translated<typeof english> = {
  reset: {
    action: 'Redefinir acesso',
    of: 'Redefinir acesso de {{email}}',
    text: '{{email}} recebe uma senha de uso único. As sessões são encerradas e a entrada em duas etapas é desligada; as chaves de API continuam.',
    doneTitle: 'Senha de uso único de {{email}}',
    once: 'Só aparece agora e vale por 24 horas. No primeiro acesso é escolhida uma senha nova.',
    copyPassword: 'Copiar senha',
    copyMessage: 'Copiar mensagem',
    done: 'Pronto',
    message:
      'Olá! Seu acesso à {{product}} foi redefinido.\n\nEntre em {{address}}\nE-mail: {{email}}\nSenha de uso único: {{password}}\n\nEla vale por 24 horas. No primeiro acesso você escolhe uma senha nova.',
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
    none: 'Ainda não há. Redefina o acesso para criar um.',
    reset: 'Redefinir acesso',
    resetOf: 'Redefinir o acesso de {{name}}',
    resetText: 'A partir daí o acesso atual do cliente deixa de funcionar. Nenhum crédito é gasto.',
    secretHint: 'Em branco, uma senha é criada.',
    choose: 'Escolher login e senha',
    loginHint: '3 a 64 de a-z 0-9 . _ - ; em branco, um login é criado.',
    taken: 'Este login já está em uso: escolha outro.',
    done: 'O acesso de {{name}} foi redefinido.',
    status: { WAITING: 'Aguardando servidor', READY: 'No ar', FAILED: 'Falhou' },
    retry: 'Tentar de novo',
  },
  owners: {
    title: 'Donos',
    text: 'Quem entra neste painel como dono. Quem não consegue mais entrar recebe de você uma senha de uso único.',
    lastSignIn: 'Último acesso {{at}}',
    never: 'Ainda não entrou',
    pending: 'Precisa escolher uma senha nova',
    disabled: 'Desativado',
  },
  oneTime: {
    title: 'Escolha uma senha nova',
    text: 'Você entrou com uma senha de uso único. Escolha a sua para continuar.',
    current: 'Senha de uso único',
    submit: 'Salvar e continuar',
    signOut: 'Sair',
  },
  support: {
    open: 'Ver este painel',
    heading: 'Ver {{name}}',
    text: 'Você vê o que {{name}} vê, por 30 minutos, e não altera nada. Os contatos dos clientes ficam ocultos. O painel é avisado de que está sendo visto e do motivo.',
    reason: 'Motivo',
    reasonHint: 'O painel vê.',
    needed: 'Informe o motivo',
    submit: 'Ver',
    banner: 'Você está vendo {{name}}, só leitura, até {{until}}.',
    leave: 'Sair da visita',
    seen_PARENT: 'Seu fornecedor está vendo este painel, só leitura, até {{until}}.',
    seen_PLATFORM: 'A plataforma está vendo este painel, só leitura, até {{until}}.',
    because: 'Motivo: {{reason}}',
  },
};
