/**
 * Refusals: the answers that a caller must expect. schema/core/errors.ts maps each to its GraphQL type or to a
 * top-level error with `extensions.code`. Any other error is a bug: it is logged with an id and masked.
 */

/** The base of every refusal. `code` is stable and upper case; `message` is for developers. */
export abstract class Refusal extends Error {
  abstract readonly code: string;

  constructor(message: string) {
    // A refusal is an ordinary answer, and collecting a stack costs more than the decision itself.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
    this.name = new.target.name;
  }
}

export class Unauthenticated extends Refusal {
  readonly code = 'UNAUTHENTICATED';
  constructor(message = 'Sign in first.') {
    super(message);
  }
}

/** A value that does not have the type that the schema requires. `path` names it, for example `input.amount`. */
export class BadUserInput extends Refusal {
  readonly code = 'BAD_USER_INPUT';
  readonly path: string;
  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.path = path;
  }
}

export class Forbidden extends Refusal {
  readonly code = 'FORBIDDEN';
  constructor(message = 'Your role does not allow this.') {
    super(message);
  }
}

export interface FieldProblem {
  /** From the root of the arguments, for example `input.amount` or `input.transfers.3.amount`. */
  readonly path: string;
  readonly message: string;
}

/** A value of the right type that breaks a rule. Names every field at fault. */
export class InvalidInput extends Refusal {
  readonly code = 'INVALID_INPUT';
  readonly fields: readonly FieldProblem[];
  constructor(fields: readonly FieldProblem[]) {
    super(fields.map((field) => `${field.path}: ${field.message}`).join(' '));
    this.fields = fields;
  }
}

/** Fewer credits than the minimum of a purchase, a transfer or a new reseller's first credits (R13, R26). */
export class BelowMinimum extends Refusal {
  readonly code = 'BELOW_MINIMUM';
  readonly minimum: number;
  constructor(path: string, minimum: number) {
    super(`${path}: must be at least ${minimum} credits.`);
    this.minimum = minimum;
  }
}

export class IdempotencyConflict extends Refusal {
  readonly code = 'IDEMPOTENCY_CONFLICT';
  constructor() {
    super('This idempotency key was used before with another input.');
  }
}

export class PanelSuspended extends Refusal {
  readonly code = 'PANEL_SUSPENDED';
  constructor() {
    super('The panel is suspended. It may sign in, read, pay and receive, but not spend, create or transfer.');
  }
}

/** The panel's balance is 0 (R7): it may only buy credits (R8). `account` is the viewer's own. */
export class PanelLocked extends Refusal {
  readonly code = 'PANEL_LOCKED';
  readonly account: { readonly tenantId: string; readonly id: string };
  constructor(account: { readonly tenantId: string; readonly id: string }) {
    super('The panel has no credits and is locked. Buy credits to continue.');
    this.account = account;
  }
}

/** R24. TRIAL_QUOTA: too many trials in 24 h. TRIAL_ALREADY_USED: the contact had a trial, or is not a new contact. */
export class TrialRefused extends Refusal {
  readonly code: 'TRIAL_QUOTA' | 'TRIAL_ALREADY_USED';
  constructor(code: 'TRIAL_QUOTA' | 'TRIAL_ALREADY_USED', message: string) {
    super(message);
    this.code = code;
  }
}

/** The id is unknown, malformed, or names an object that the viewer may not see. The caller cannot tell which (R18). */
export class NotFound extends Refusal {
  readonly code = 'NOT_FOUND';
  constructor(message = 'No object with this id exists, or you may not see it.') {
    super(message);
  }
}

export class NotDirectChild extends Refusal {
  readonly code = 'NOT_DIRECT_CHILD';
  constructor(message = 'Credits can only go to a direct child: not to yourself, and not further down.') {
    super(message);
  }
}

export class InvalidState extends Refusal {
  readonly code = 'INVALID_STATE';
}

export class AlreadyExists extends Refusal {
  readonly code = 'ALREADY_EXISTS';
}

/** A limit that the rules or a panel above set. `used` of the `allowed` number exist already. */
export class LimitReached extends Refusal {
  readonly code = 'LIMIT_REACHED';
  readonly limit: string;
  readonly allowed: number;
  readonly used: number;
  constructor(limit: string, allowed: number, used: number) {
    super(`The limit ${limit} is ${allowed}, and ${used} are in use.`);
    this.limit = limit;
    this.allowed = allowed;
    this.used = used;
  }
}

export class InsufficientCredits extends Refusal {
  readonly code = 'INSUFFICIENT_CREDITS';
  readonly required: number;
  readonly balance: number;
  constructor(required: number, balance: number) {
    super(`This needs ${required} credits, but the balance is ${balance}.`);
    this.required = required;
    this.balance = balance;
  }
}

/** The spend would use the panel's reserve, and the input did not allow that (R57). */
export class WouldUseReserve extends Refusal {
  readonly code = 'WOULD_USE_RESERVE';
  readonly reserve: number;
  readonly balanceAfter: number;
  constructor(reserve: number, balanceAfter: number) {
    super(`This would leave ${balanceAfter} of the ${reserve} credits kept in reserve. Set useReserve to spend them.`);
    this.reserve = reserve;
    this.balanceAfter = balanceAfter;
  }
}

export class InvalidCredentials extends Refusal {
  readonly code = 'INVALID_CREDENTIALS';
  constructor(message = 'Unknown e-mail or wrong password.') {
    super(message);
  }
}

/** The password is right, but the user has turned on one-time codes and gave none. */
export class OtpRequired extends Refusal {
  readonly code = 'OTP_REQUIRED';
  constructor() {
    super("Send a code from the user's authenticator app, or a recovery code, as `otp`.");
  }
}

export class RateLimited extends Refusal {
  readonly code = 'RATE_LIMITED';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(`Too many attempts. Try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The session was opened with a one-time password. It may do nothing else until the password is changed (R41). */
export class PasswordChangeRequired extends Refusal {
  readonly code = 'PASSWORD_CHANGE_REQUIRED';
  constructor() {
    super('This is a one-time password. Change it first, with changePassword.');
  }
}

/** The document is too large or too costly, or the client has too much open at once. */
export class LimitExceeded extends Refusal {
  readonly code = 'LIMIT_EXCEEDED';
}

/** The server cannot accept or confirm this now. A retry with the same idempotency key is always safe. */
export class Overloaded extends Refusal {
  readonly code = 'OVERLOADED';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number, message = 'The server is overloaded. Try again with the same idempotency key.') {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** An ATOMIC batch was refused and nothing was written. `cause` is the first refusal in input order, values before rights (R35). */
export class BatchRefused extends Refusal {
  readonly code = 'BATCH_REFUSED';
  readonly index: number;
  override readonly cause: Refusal;
  constructor(index: number, cause: Refusal) {
    super(`Item ${index} was refused (${cause.code}), so nothing was written.`);
    this.index = index;
    this.cause = cause;
  }
}
