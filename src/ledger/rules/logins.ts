/** Handles logins that callers choose for new customers (R46). */

import { AlreadyExists } from '../../kernel/errors.ts';
import type { NewAccess } from '../command.ts';
import type { Facts, State } from './state.ts';

/** The login that the caller chose. Generated logins are not checked here: the write takes the first free one (ADR-0087). */
export function givenLogin(access: NewAccess | null | undefined): string | undefined {
  return access?.logins.length === 1 ? access.logins[0] : undefined;
}

export function rememberLogin(facts: Facts, tenantId: string, access: NewAccess | null | undefined): void {
  const login = givenLogin(access);
  if (login !== undefined) facts.putLogin(tenantId, login);
}

/** Refuses a taken login, without revealing who has it: that customer may belong to another panel (R46). */
export function refuseLogin(state: State, tenantId: string, access: NewAccess | null | undefined): AlreadyExists | null {
  const login = givenLogin(access);
  return login !== undefined && state.loginTaken(tenantId, login) ? new AlreadyExists('This login is taken: choose another.') : null;
}
