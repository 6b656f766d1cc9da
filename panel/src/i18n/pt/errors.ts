import type { errors as english } from '../en/errors.ts';
import type { Translated } from '../words.ts';

export const errors: Translated<typeof english> = {
  UNAUTHENTICATED: 'Sua sessão terminou. Entre de novo.',
  INVALID_CREDENTIALS: 'E-mail, senha ou código incorretos.',
  OTP_REQUIRED: 'Digite o código de uso único.',
  RATE_LIMITED: 'Tentativas demais. Espere {{retryAfterSeconds}} segundos.',
  FORBIDDEN: 'Seu perfil não permite isto.',
  NOT_FOUND: 'Isto não existe (mais).',
  PANEL_LOCKED: 'Seu painel está bloqueado: o saldo é 0.',
  PANEL_SUSPENDED: 'Seu painel está suspenso: não é possível gastar créditos.',
  INSUFFICIENT_CREDITS: 'Isto custa {{required}} créditos e você tem {{balance}}.',
  NOT_DIRECT_CHILD: 'Créditos só vão para revendedores diretamente abaixo de você.',
  BELOW_MINIMUM: 'O mínimo é de {{minimum}} créditos.',
  IDEMPOTENCY_CONFLICT: 'Isto já foi enviado com outros valores. Feche o formulário e comece de novo.',
  ALREADY_EXISTS: 'Isto já está em uso.',
  TRIAL_QUOTA: 'Não há mais testes disponíveis hoje.',
  TRIAL_ALREADY_USED: 'Este contato já teve um teste.',
  INVALID_STATE: 'Isto não é possível no estado atual.',
  INVALID_INPUT: 'Confira os campos marcados.',
  BAD_USER_INPUT: 'Um valor não foi aceito.',
  LIMIT_EXCEEDED: 'É demais de uma só vez.',
  OTHER: 'Isto foi recusado ({{code}}).',
};
