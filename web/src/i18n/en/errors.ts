/** English words of the refusals, by their code. */

/** By the refusal's code. */
export const errors = {
  UNAUTHENTICATED: 'Your session has ended. Please sign in again.',
  INVALID_CREDENTIALS: 'The e-mail, the password or the code is not right.',
  OTP_REQUIRED: 'Please enter the one-time code.',
  RATE_LIMITED: 'Too many attempts. Please wait {{retryAfterSeconds}} seconds.',
  PASSWORD_CHANGE_REQUIRED: 'Please choose a new password first.',
  FORBIDDEN: 'Your role does not allow this.',
  NOT_FOUND: 'This does not exist (any more).',
  PANEL_LOCKED: 'Your panel is locked: the balance is 0.',
  PANEL_SUSPENDED: 'Your panel is suspended: credits cannot be spent.',
  INSUFFICIENT_CREDITS: 'This takes {{required}} credits and you have {{balance}}.',
  NOT_DIRECT_CHILD: 'Credits only go to your direct sub-resellers.',
  BELOW_MINIMUM: 'The least amount is {{minimum}} credits.',
  WOULD_USE_RESERVE: 'This would leave {{balanceAfter}} of the {{reserve}} credits that you keep in reserve.',
  LIMIT_REACHED: 'The limit is {{allowed}}, and {{used}} are there already.',
  IDEMPOTENCY_CONFLICT: 'This was sent before with other values. Please close the form and begin again.',
  ALREADY_EXISTS: 'This is taken already.',
  TRIAL_QUOTA: 'The limit of trials in 24 hours is reached.',
  TRIAL_ALREADY_USED: 'This contact has already had a trial.',
  INVALID_STATE: 'This is not possible as things stand.',
  INVALID_INPUT: 'Please look at the marked fields.',
  BAD_USER_INPUT: 'A value was not accepted.',
  LIMIT_EXCEEDED: 'This is too much at once.',
  OTHER: 'This was refused ({{code}}).',
  /** LIMIT_REACHED, by the limit. */
  limit: {
    undosPerDay: 'At most {{allowed}} spends may be undone in 24 hours; {{used}} were already.',
    mayCreateResellers: 'No resellers may be created here.',
    maxResellers: 'The limit is {{allowed}} resellers; counted: {{used}}.',
    maxCustomers: 'The limit is {{allowed}} active customers; counted: {{used}}.',
    maxTrialsPerDay: 'The limit is {{allowed}} trials in 24 hours; counted: {{used}}.',
    maxScreensPerCustomer: 'The limit is {{allowed}} screens a customer; this would be {{used}}.',
  },
  /** What is wrong with one field. */
  field: {
    required: 'Please fill this in.',
    login: 'From {{min}} to {{max}} of a-z, 0-9, ".", "_" and "-", in lower case',
    printable: 'Characters that can be seen, without a space at either end',
    length: 'Must have {{min}} to {{max}} characters.',
    tooLong: 'Must have at most {{max}} characters.',
    range: 'Must be from {{min}} to {{max}}.',
    atLeast: 'Must be at least {{min}}.',
    versionTooOld: 'At most {{max}} below the present version.',
    atMost: 'Must be at most {{max}}.',
    email: 'This is not an e-mail address.',
    future: 'Must be in the future.',
    code: 'This is not the present code of the app.',
    timeZone: 'This time zone is not known.',
    currency: 'Must be a currency code, as BRL.',
    priceStart: 'The list starts at {{min}}.',
    priceQuantity: 'Must be above the one before.',
    priceUnit: 'Must not be above the one before.',
    priceTotal: 'The total must not be below that of the package before.',
    needed: 'Is needed before this can be switched on.',
    pix: 'Is part of every Pix code.',
    pixKey: 'Must be a CPF, a CNPJ, a telephone with its area code, an e-mail or a random key.',
    checkDigits: 'The check digits are wrong: please look at the number again.',
    pixAmbiguous: 'May be a CPF or a telephone: write 000.000.000-00 or +55 00 90000-0000.',
    telephone: 'Must be a telephone with its area code, as +55 11 91234-5678.',
    unknownField: 'There is no field “{{name}}”.',
    other: 'This was not accepted: {{message}}',
  },
} as const;

declare module '../words.ts' {
  interface Resources {
    errors: typeof errors;
  }
}
