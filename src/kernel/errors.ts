/**
 * Refusals: answers a caller must expect. schema/core/errors.ts maps each to its GraphQL type or to a top-level
 * error with `extensions.code`; whatever is not a Refusal is a bug, logged with an id and masked.
 */

/** The base of every refusal. `code` is stable and upper case; `message` is for a developer to read. */
export abstract class Refusal extends Error {
  abstract readonly code: string;

  constructor(message: string) {
    // A refusal is an ordinary answer: collecting a stack for each costs more than deciding it.
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

/** A value that does not have the type the schema asks for; `path` names it, as `input.amount`. */
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
  /** From the root of the arguments, as `input.amount` or `input.transfers.3.amount`. */
  readonly path: string;
  readonly message: string;
}

/** A value of the right type that no rule allows. Names every field at fault. */
export class InvalidInput extends Refusal {
  readonly code = 'INVALID_INPUT';
  readonly fields: readonly FieldProblem[];
  constructor(fields: readonly FieldProblem[]) {
    super(fields.map((field) => `${field.path}: ${field.message}`).join(' '));
    this.fields = fields;
  }
}

/** Fewer credits than a purchase, or a new reseller's first credits, must have (R13, R26). */
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
    super('The panel is suspended: it may sign in, read, pay and receive, but not spend, create or transfer.');
  }
}

/** The panel's balance is 0 (R7): it may only buy credits (R8). `account` is the viewer's own. */
export class PanelLocked extends Refusal {
  readonly code = 'PANEL_LOCKED';
  readonly account: { readonly tenantId: string; readonly id: string };
  constructor(account: { readonly tenantId: string; readonly id: string }) {
    super('The panel has no credits and is locked: buy credits to go on.');
    this.account = account;
  }
}

/** R24. TRIAL_QUOTA: too many in 24 h; TRIAL_ALREADY_USED: the contact had one, or is no new contact. */
export class TrialRefused extends Refusal {
  readonly code: 'TRIAL_QUOTA' | 'TRIAL_ALREADY_USED';
  constructor(code: 'TRIAL_QUOTA' | 'TRIAL_ALREADY_USED', message: string) {
    super(message);
    this.code = code;
  }
}

/** Unknown, malformed, or none of the viewer's business: the three are not told apart. */
export class NotFound extends Refusal {
  readonly code = 'NOT_FOUND';
  constructor(message = 'There is nothing here by that id.') {
    super(message);
  }
}

export class NotDirectChild extends Refusal {
  readonly code = 'NOT_DIRECT_CHILD';
  constructor(message = 'Credits go to a direct child only: no level is skipped, and not to oneself.') {
    super(message);
  }
}

export class InvalidState extends Refusal {
  readonly code = 'INVALID_STATE';
}

export class AlreadyExists extends Refusal {
  readonly code = 'ALREADY_EXISTS';
}

/** A limit that the rules or a panel above set: `used` of `allowed` are there already. */
export class LimitReached extends Refusal {
  readonly code = 'LIMIT_REACHED';
  readonly limit: string;
  readonly allowed: number;
  readonly used: number;
  constructor(limit: string, allowed: number, used: number) {
    super(`The limit ${limit} is ${allowed}; ${used} are there already.`);
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
    super(`This needs ${required} credits; the balance is ${balance}.`);
    this.required = required;
    this.balance = balance;
  }
}

/** What the panel keeps in reserve would be spent, and the caller did not say that it may (R57). */
export class WouldUseReserve extends Refusal {
  readonly code = 'WOULD_USE_RESERVE';
  readonly reserve: number;
  readonly balanceAfter: number;
  constructor(reserve: number, balanceAfter: number) {
    super(`This would leave ${balanceAfter} of the ${reserve} credits kept in reserve: say useReserve to spend them.`);
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

/** The password is right, and the user has turned one-time passwords on. */
export class OtpRequired extends Refusal {
  readonly code = 'OTP_REQUIRED';
  constructor() {
    super("Give a code of the user's app, or a recovery code, as `otp`.");
  }
}

export class RateLimited extends Refusal {
  readonly code = 'RATE_LIMITED';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(`Too many attempts: try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The session was opened with a one-time password (R41): until that is changed it may do nothing else. */
export class PasswordChangeRequired extends Refusal {
  readonly code = 'PASSWORD_CHANGE_REQUIRED';
  constructor() {
    super('The password is a one-time password: change it first, with changePassword.');
  }
}

/** The document, or the number of things open, is larger than a limit allows. */
export class LimitExceeded extends Refusal {
  readonly code = 'LIMIT_EXCEEDED';
}

/** The server cannot take or confirm this now. A retry with the same idempotency key is always safe. */
export class Overloaded extends Refusal {
  readonly code = 'OVERLOADED';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number, message = 'The server is overloaded: try again, with the same idempotency key.') {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** ATOMIC: the first refusal in input order, values before rights (R35); nothing was written. */
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
