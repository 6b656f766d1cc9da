/** The words of a customer's page in Portuguese. */

export const PT = {
  lang: 'pt-BR',
  title: (panel: string) => `Renovar com ${panel}`,
  hello: (name: string | null) => (name === null ? 'Olá!' : `Olá, ${name}!`),
  paidUntil: (until: string) => `Pago até ${until}.`,
  trialUntil: (until: string) => `Teste até ${until}.`,
  ended: (since: string) => `Terminou em ${since}.`,
  choose: 'Escolha um plano',
  noPlans: 'Ainda não há planos aqui. Fale com quem atende você.',
  days: (days: number) => `${days} dias`,
  screens: (count: number) => (count === 1 ? '1 tela' : `${count} telas`),
  pay: (plan: string) => `Pagar: ${plan}`,
  pix: 'Pague com Pix',
  pixText: 'Leia o código com o aplicativo do seu banco, ou copie o texto abaixo em “Pix copia e cola”.',
  pixCode: 'Pix copia e cola',
  qr: 'Código QR do Pix',
  byHand: 'Combine o pagamento com quem atende você.',
  other: 'Escolher outro plano',
  contact: 'Falar no WhatsApp',
  pixKey: 'Chave Pix',
  unknown: 'Este link não existe',
  unknownText: 'Ele pode ter sido trocado. Peça um novo a quem atende você.',
  tooMany: 'Muitas tentativas',
  tooManyText: 'Espere um minuto e abra o seu link de novo.',
};

export type PageWords = typeof PT;
