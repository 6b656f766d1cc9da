/** Portuguese texts of the page about credits. */

import type { help as english } from '../en/help.ts';
import type { Translated } from '../words.ts';

export const help: Translated<typeof english> = {
  title: 'Como funcionam os créditos',
  intro: 'Tudo o que gasta créditos, com exemplos. Antes de qualquer cobrança você vê o custo e o saldo que fica.',
  credit: {
    title: 'O que um crédito compra',
    text: '1 crédito vale 30 dias de serviço para um cliente em uma tela. Custo = meses × telas. Créditos não vencem.',
    first: '3 meses em 1 tela: 3 × 1 = 3 créditos',
    second: '12 meses em 1 tela: 12 × 1 = 12 créditos',
    third: '1 mês em 3 telas: 1 × 3 = 3 créditos',
  },
  month: {
    title: 'Um mês são 30 dias',
    text: 'São sempre exatamente 30 × 24 horas, seja qual for o mês, para o crédito valer o mesmo o ano todo.',
    first: 'Trimestral: 3 meses = 90 dias',
    second: 'Semestral: 6 meses = 180 dias',
    third: 'Anual: 12 meses = 360 dias, não 365',
  },
  renew: {
    title: 'Renovar',
    text: 'Os dias são somados aos que restam: quem renova antes não perde nada. O limite é de 36 meses à frente.',
    first: 'Restam 10 dias, renovação de 1 mês: 40 dias',
    second: 'Venceu há 5 dias, renovação de 1 mês: 30 dias a partir de agora',
    third: 'Cliente com 2 telas, renovação de 3 meses: 3 × 2 = 6 créditos',
  },
  screens: {
    title: 'Adicionar telas',
    text: 'Cada tela a mais custa 1 crédito por mês de 30 dias que resta, arredondado para cima, e no mínimo 1 crédito.',
    first: 'Restam 45 dias, 1 tela a mais: 2 créditos',
    second: 'Restam 30 dias, 2 telas a mais: 2 × 1 = 2 créditos',
    third: 'Restam 3 dias, 1 tela a mais: 1 crédito',
  },
  fewer: {
    title: 'Reduzir telas',
    text: 'A mudança vale quando terminar o período já pago. Até lá, todas as telas pagas funcionam. Nada é devolvido.',
    first: '3 telas pagas até o dia 20, reduzidas a 1: 3 telas até o dia 20, depois 1',
    second: 'Renovado por 2 meses nesse meio-tempo: 2 × 1 = 2 créditos, para os dias depois do dia 20',
    third: 'Mudou de ideia antes do dia 20? Escolha outro número: não custa nada',
  },
  lock: {
    title: 'Quando os créditos acabam',
    text: 'Com saldo 0 o painel fica bloqueado: só dá para comprar créditos. Ele volta sozinho assim que os créditos chegarem.',
    first: 'Saldo 3, renovação de 3: o saldo é 0 e o painel bloqueia',
    second: 'Seus clientes continuam com o serviço até o vencimento: eles já pagaram',
    third: 'Dica: mantenha 1 crédito de reserva',
  },
};
