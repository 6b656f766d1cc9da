/** Portuguese texts of password recovery by e-mail. */

import type { recovery as english } from '../en/recovery.ts';
import type { Translated } from '../words.ts';

export const recovery: Translated<typeof english> = {
  back: 'Voltar para o login',
  forgot: {
    title: 'Esqueceu a senha?',
    text: 'Enviamos um link por e-mail. Ele funciona uma vez, por 30 minutos.',
    submit: 'Enviar o link',
    noAddress: 'Informe o seu e-mail',
    sentTitle: 'Confira o seu e-mail',
    sent: 'Se {{email}} tem uma conta aqui, o link está a caminho. Pode levar um minuto; olhe também a caixa de spam.',
  },
  reset: {
    title: 'Escolha uma nova senha',
    text: 'Todos os aparelhos conectados à sua conta serão desconectados.',
    newPassword: 'Nova senha',
    hint: '10 caracteres ou mais',
    again: 'Repita a senha',
    notTheSame: 'As senhas não são iguais',
    submit: 'Salvar a senha',
    toSignIn: 'Entrar',
    doneTitle: 'Sua senha foi alterada',
    done: 'Entre com a nova senha.',
    worthlessTitle: 'Este link não funciona',
    worthless: 'Ele já foi usado ou expirou. Peça outro a quem enviou, ou use “Esqueci a senha” na tela de login.',
  },
};
