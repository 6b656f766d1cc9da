/** The words of an export's headings and values, in each language that it speaks. */

/** Languages that an export speaks, as the web application names them. */
export const LANGUAGES = ['pt-BR', 'en'] as const;
export type ExportLanguage = (typeof LANGUAGES)[number];

interface ExportWords {
  readonly columns: Readonly<Record<string, string>>;
  /** By column, then by the API's name of the value. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const WORDS: Readonly<Record<ExportLanguage, ExportWords>> = {
  'pt-BR': {
    columns: {
      name: 'Nome',
      contact: 'Contato',
      status: 'Situação',
      screens: 'Telas',
      nextScreens: 'Telas na próxima renovação',
      screensChangeAt: 'Telas mudam em',
      expiresAt: 'Vencimento',
      creditsSpent: 'Créditos gastos',
      createdAt: 'Cliente desde',
      notes: 'Observações',
      laterScreens: 'Telas depois',
      time: 'Data e hora',
      version: 'Número',
      kind: 'Movimento',
      credits: 'Créditos',
      balance: 'Saldo',
      counterparty: 'Com',
      memo: 'Observação',
      actor: 'Por',
      undoneAt: 'Desfeito em',
      openedAt: 'Pedido em',
      paidAt: 'Pago em',
      appliedAt: 'Renovado em',
      customer: 'Cliente',
      planName: 'Plano',
      priceMinor: 'Preço em centavos',
      currency: 'Moeda',
      periods: 'Períodos de 30 dias',
      reference: 'Referência',
      id: 'Código',
      transfer: 'Código do movimento',
    },
    values: {
      status: {
        ...{ TRIAL: 'Teste', ACTIVE: 'Ativo', EXPIRED: 'Vencido', CANCELED: 'Cancelado' },
        ...{ PENDING: 'Aguardando', PAID: 'Pago', PAID_UNFUNDED: 'Pago, espera créditos', APPLIED: 'Renovado', REFUNDED: 'Devolvido' },
      },
      kind: {
        ISSUE: 'Créditos adicionados',
        PURCHASE: 'Compra',
        GRANT: 'Créditos iniciais',
        TRANSFER: 'Transferência',
        RECLAIM: 'Créditos retirados',
        SWEEP: 'Encerramento',
        ACTIVATION: 'Ativação',
        RENEWAL: 'Renovação',
        SCREENS: 'Telas',
        REFUND: 'Devolução',
        CHARGEBACK: 'Estorno',
        REVERSAL: 'Disputa ganha',
        UNDO: 'Desfeito',
      },
      counterparty: { PLATFORM: 'Plataforma', PARENT: 'Fornecedor', CHILD: 'Sub-revenda', CUSTOMER: 'Cliente' },
    },
  },
  en: {
    columns: {
      name: 'Name',
      contact: 'Contact',
      status: 'Status',
      screens: 'Screens',
      nextScreens: 'Screens from the next renewal',
      screensChangeAt: 'Screens change on',
      expiresAt: 'Expires',
      creditsSpent: 'Credits spent',
      createdAt: 'Customer since',
      notes: 'Notes',
      laterScreens: 'Later screens',
      time: 'Date and time',
      version: 'Number',
      kind: 'What',
      credits: 'Credits',
      balance: 'Balance',
      counterparty: 'With',
      memo: 'Note',
      actor: 'By',
      undoneAt: 'Undone',
      openedAt: 'Ordered',
      paidAt: 'Paid',
      appliedAt: 'Renewed',
      customer: 'Customer',
      planName: 'Plan',
      priceMinor: 'Price in cents',
      currency: 'Currency',
      periods: 'Periods of 30 days',
      reference: 'Reference',
      id: 'Id',
      transfer: 'Id of the movement',
    },
    values: {
      status: {
        ...{ TRIAL: 'Trial', ACTIVE: 'Active', EXPIRED: 'Expired', CANCELED: 'Canceled' },
        ...{ PENDING: 'Pending', PAID: 'Paid', PAID_UNFUNDED: 'Paid, waits for credits', APPLIED: 'Renewed', REFUNDED: 'Refunded' },
      },
      kind: {
        ISSUE: 'Credits added',
        PURCHASE: 'Purchase',
        GRANT: 'First credits',
        TRANSFER: 'Transfer',
        RECLAIM: 'Taken back',
        SWEEP: 'Closing',
        ACTIVATION: 'Activation',
        RENEWAL: 'Renewal',
        SCREENS: 'Screens',
        REFUND: 'Refund',
        CHARGEBACK: 'Chargeback',
        REVERSAL: 'Dispute won',
        UNDO: 'Undone',
      },
      counterparty: { PLATFORM: 'Platform', PARENT: 'Supplier', CHILD: 'Sub-reseller', CUSTOMER: 'Customer' },
    },
  },
};

export function wordsOf(language: ExportLanguage): ExportWords {
  return WORDS[language];
}
