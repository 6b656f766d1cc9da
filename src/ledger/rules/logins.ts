/** What new customers sign in with, where a caller gives it (R46). */

import { AlreadyExists } from '../../kernel/errors.ts';
import type { NewAccess } from '../command.ts';
import type { Facts, State } from './state.ts';

/** A login that the caller chose. One that is made is looked up where it is written: another is taken in its place (ADR-0087). */
export function givenLogin(access: NewAccess | null | undefined): string | undefined {
  return access?.logins.length === 1 ? access.logins[0] : undefined;
}

export function rememberLogin(facts: Facts, tenantId: string, access: NewAccess | null | undefined): void {
  const login = givenLogin(access);
  if (login !== undefined) facts.putLogin(tenantId, login);
}

/** Not whose it is: that may be another panel's business (R46). */
export function refuseLogin(state: State, tenantId: string, access: NewAccess | null | undefined): AlreadyExists | null {
  const login = givenLogin(access);
  return login !== undefined && state.loginTaken(tenantId, login) ? new AlreadyExists('This login is taken: choose another.') : null;
}
