/**
 * Statements that name no tenant or several, each with the reason. ADR-0119 says what each reason means for a
 * distributed deployment.
 */

/** Finds its row by a word that is unique in the whole deployment: the caller does not say which tenant it belongs to. */
const BY_WORD = 'found by an e-mail, a token or a key that is unique in the deployment; everything after it names the tenant found';
/** The first query of a background job: which tenants have work? */
const WHERE_TO_DO = 'asks all tenants at once where there is work; the work itself names each tenant';
const OLD_ROWS = 'deletes or ends a bounded number of old rows, of whatever tenant';
const AFRESH = 'reads all rows once, after a key or a rule was changed';
const PLATFORM = 'for the platform, which sees all tenants, or one that it names';
/** statements-of-one-tenant.test.ts checks the text for one tenant. */
const BY_SHAPE = 'the tenants of a batch by sorted lists, or one tenant where the database is distributed (ADR-0131)';
const FOLLOWS = 'follows commits in the order of transactions, in every tenant';

/** Statements that name neither one tenant nor a list of tenants. */
export const NO_TENANT: Readonly<Record<string, string>> = {
  'src/db/distribute.ts: assertNothingToMakeAnew': 'of a whole database that is not distributed yet',
  'src/domain/access/end-terms.ts: changeScreens': WHERE_TO_DO,
  'src/domain/access/end-terms.ts: changeSome': AFRESH,
  'src/domain/access/end-terms.ts: endTerms': WHERE_TO_DO,
  'src/domain/access/give-access.ts: giveAccess': AFRESH,
  'src/domain/access/give-access.ts: giveSome': AFRESH,
  'src/domain/access/number-events.ts: nextByNext': WHERE_TO_DO,
  'src/domain/access/number-events.ts: ofAll': WHERE_TO_DO,
  'src/domain/access/reseal-access.ts: resealAccess': AFRESH,
  'src/domain/customer-payment/open-payment.ts: ownerIn': BY_WORD,
  'src/domain/customer-payment/sweep-payments.ts: expire': OLD_ROWS,
  'src/domain/customer-payment/sweep-payments.ts: expireIn': OLD_ROWS,
  'src/domain/customer-payment/sweep-payments.ts: waitingAfter': WHERE_TO_DO,
  'src/domain/customer/rekey-contacts.ts: rekeyCustomers': AFRESH,
  'src/domain/customer/rekey-contacts.ts: rekeySomeCustomers': AFRESH,
  'src/domain/customer/rekey-contacts.ts: rekeySomeTrials': AFRESH,
  'src/domain/customer/rekey-contacts.ts: rekeyTrials': AFRESH,
  'src/domain/endpoint/follow-access.ts: followAccess': WHERE_TO_DO,
  'src/domain/endpoint/follow-accounts.ts: followAccounts': WHERE_TO_DO,
  'src/domain/endpoint/follow-changes.ts: readPurchases': FOLLOWS,
  'src/domain/endpoint/follow-changes.ts: readResellers': FOLLOWS,
  'src/domain/endpoint/follow-changes.ts: sourcesBehind': FOLLOWS,
  'src/domain/endpoint/follow-queued.ts: followQueued': WHERE_TO_DO,
  'src/domain/endpoint/follow-reminders.ts: followReminders': WHERE_TO_DO,
  'src/domain/endpoint/follow.ts: createFollower': WHERE_TO_DO,
  'src/domain/endpoint/reseal-secrets.ts: resealEndpoints': AFRESH,
  'src/domain/endpoint/sweep.ts: countWaiting': 'a count of the whole process, for /metrics',
  'src/domain/endpoint/sweep.ts: deleteOld': OLD_ROWS,
  'src/domain/endpoint/sweep.ts: removeOfClosed': OLD_ROWS,
  'src/domain/endpoint/sweep.ts: sweepDeliveries (3)': OLD_ROWS,
  'src/domain/endpoint/turn-rows.ts: takeEndpoints': WHERE_TO_DO,
  'src/domain/endpoint/turn-rows.ts: takeIn': WHERE_TO_DO,
  'src/domain/identity/change-email.ts: isFree': BY_WORD,
  'src/domain/identity/open-support-session.ts: openerByTenant': 'what a session of one tenant has opened in any other',
  'src/domain/identity/password-reset-channel.ts: findIn': BY_WORD,
  'src/domain/identity/password-reset-channel.ts: sweepPasswordResets (2)': OLD_ROWS,
  'src/domain/identity/rekey-emails.ts: rekeyEmails (2)': AFRESH,
  'src/domain/identity/reset-password.ts: findIn': BY_WORD,
  'src/domain/identity/session-rows.ts: deleteExpiredSessions (2)': OLD_ROWS,
  'src/domain/identity/session-rows.ts: tenantsWithExpired': OLD_ROWS,
  'src/domain/identity/session-rows.ts: selectApiKey': BY_WORD,
  'src/domain/identity/session-rows.ts: selectSession': BY_WORD,
  'src/domain/identity/session-rows.ts: selectSupportSession': BY_WORD,
  'src/domain/identity/sign-in.ts: findIn': BY_WORD,
  'src/domain/imports/check-preview.ts: Checks': 'an e-mail of the file that signs in already, in whatever tenant',
  'src/domain/imports/import-row.ts: readImports': PLATFORM,
  'src/domain/imports/sweep-imports.ts: sweepImports': OLD_ROWS,
  'src/domain/imports/sweep-imports.ts: sweepIn': OLD_ROWS,
  'src/domain/imports/taken.ts: takeImport': WHERE_TO_DO,
  'src/domain/imports/taken.ts: takeIn': WHERE_TO_DO,
  'src/domain/purchase/payment-accounts.ts: findIn': BY_WORD,
  'src/domain/purchase/purchase-row.ts: findPlatformSale': PLATFORM,
  'src/domain/purchase/stranded-sales.ts: strandedSales': PLATFORM,
  'src/domain/reminder/mail-reminders.ts: mailIn': WHERE_TO_DO,
  'src/domain/reminder/mail-reminders.ts: mailReminders': WHERE_TO_DO,
  'src/domain/reminder/mail-reminders.ts: isAnyWaiting': WHERE_TO_DO,
  'src/domain/reminder/make-messages.ts: claim': WHERE_TO_DO,
  'src/domain/reminder/make-messages.ts: isAnythingDue': WHERE_TO_DO,
  'src/domain/reminder/make-messages.ts: makeMessages': WHERE_TO_DO,
  'src/domain/reminder/sweep-messages.ts: sweepIn': OLD_ROWS,
  'src/domain/reminder/sweep-messages.ts: sweepMessages': OLD_ROWS,
  'src/domain/renewal/reseal-links.ts: resealLinks': AFRESH,
  'src/feed/journal.ts: createJournal (2)': FOLLOWS,
  'src/feed/journal-by-tenant.ts: createJournalByTenant (2)': FOLLOWS,
  'src/ledger/health.ts: checksOf': PLATFORM,
  'src/ledger/health.ts: ledgerHealth': PLATFORM,
  'src/ledger/health.ts: sumsOf': PLATFORM,
  'src/ledger/statements/lock-texts.ts: RARE': 'an e-mail is taken once in the deployment',
  'src/ledger/statements/lock-texts.ts: customers': BY_SHAPE,
  'src/ledger/statements/lock-texts.ts: lockTenants': BY_SHAPE,
  'src/ledger/statements/lock-texts.ts: lookUp': BY_SHAPE,
  'src/ledger/statements/lock-texts.ts: orders': BY_SHAPE,
  'src/outbox/rows.ts: countWaiting': 'a count of the whole process, for /metrics',
  'src/outbox/rows.ts: deleteDead': OLD_ROWS,
  'src/outbox/rows.ts: deleteIn': OLD_ROWS,
  'src/outbox/rows.ts: takeIn': WHERE_TO_DO,
  'src/outbox/rows.ts: takeLanes': WHERE_TO_DO,
};

/** A batch of the ledger posts commands of several tenants (ADR-0002); each row names its own. */
const A_BATCH = 'a batch of the ledger is of several tenants';
const AN_ANSWER = 'rows of one answer are read together, each by its own tenant';
const A_JOB = 'rows that a background job found, each by its own tenant';

/**
 * Statements that name a list of tenants. One database gets them as they are; a distributed one gets one for each
 * tenant. A statement with `tenantOf` names the tenant it is sent for.
 */
export const SEVERAL_TENANTS: Readonly<Record<string, string>> = {
  'src/domain/access/check-access.ts: lookUp': AN_ANSWER,
  'src/domain/access/write-access.ts: addAccessEvents': A_JOB,
  'src/domain/identity/session-rows.ts: selectSome': AN_ANSWER,
  'src/domain/identity/support-sessions.ts: ofAll': AN_ANSWER,
  'src/domain/identity/transfer-actors.ts: ofAll': AN_ANSWER,
  'src/domain/reseller/find-panels.ts: ofAll': AN_ANSWER,
  'src/feed/journal.ts: createJournal (5)': 'changes for subscribers of several tenants are read together',
  'src/ledger/statements/write-access.ts: newAccess': A_BATCH,
  'src/ledger/statements/write-access.ts: oneByOne': A_BATCH,
  'src/ledger/statements/write-access.ts: together': A_BATCH,
  'src/ledger/statements/write-business.ts: audited': A_BATCH,
  'src/ledger/statements/write-business.ts: claimParts (2)': A_BATCH,
  'src/ledger/statements/write-business.ts: closed': A_BATCH,
  'src/ledger/statements/write-business.ts: customerParts (3)': A_BATCH,
  'src/ledger/statements/write-business.ts: debts': A_BATCH,
  'src/ledger/statements/write-business.ts: purchaseParts (2)': A_BATCH,
  'src/ledger/statements/write-business.ts: undone': A_BATCH,
  'src/ledger/statements/write-imported.ts: imported': A_BATCH,
  'src/ledger/statements/write-journal.ts: accounts (2)': A_BATCH,
  'src/ledger/statements/write-journal.ts: journalPart': A_BATCH,
  'src/ledger/statements/write-journal.ts: keys': A_BATCH,
  'src/ledger/statements/write-journal.ts: resellers': A_BATCH,
  'src/ledger/statements/write-journal.ts: tenants': A_BATCH,
  'src/ledger/statements/write-journal.ts: users': A_BATCH,
  'src/ledger/statements/write-payments.ts: customerPayments': A_BATCH,
};
