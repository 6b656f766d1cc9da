/** Portuguese words of getting back in by mail. */

import type { recovery as english } from '../en/recovery.ts';
import type { Translated } from '../words.ts';

export const recovery: Translated<typeof english> = {
  back: 'Voltar para a entrada',
  forgot: {
    title: 'Esqueceu a senha?',
    text: 'Enviamos um link por e-mail. Ele funciona uma vez, durante 30 minutos.',
    submit: 'Enviar o link',
    noAddress: 'Preencha o seu e-mail',
    sentTitle: 'Veja o seu e-mail',
    sent: 'Se {{email}} entra aqui, um link está a caminho. Pode levar um minuto; veja também o lixo eletrônico.',
  },
  reset: {
    title: 'Escolha uma nova senha',
    text: 'Tudo o que está aberto com a sua conta será desconectado.',
    newPassword: 'Nova senha',
    hint: '10 caracteres ou mais',
    again: 'A mesma, de novo',
    notTheSame: 'As duas não são iguais',
    submit: 'Salvar a senha',
    toSignIn: 'Entrar',
    doneTitle: 'Sua senha foi alterada',
    done: 'Entre com a nova senha.',
    worthlessTitle: 'Este link não funciona',
    worthless: 'Ele já foi usado, ou o prazo acabou. Peça outro a quem o enviou ou, na entrada, em “Esqueci a senha”.',
  },
};
