/** Refusals as plain data, for another process of the same version. */

import * as errors from './errors.ts';
import { Refusal } from './errors.ts';

export interface PackedRefusal {
  /** Of its class. */
  readonly name: string;
  readonly message: string;
  /** What else it says. */
  readonly fields: object;
  readonly cause: PackedRefusal | null;
}

/** By the name of the class: every refusal of errors.ts, and none that is somewhere else. */
const PROTOTYPES = new Map<string, object>();
for (const one of Object.values(errors)) if (one.prototype instanceof Refusal) PROTOTYPES.set(one.name, one.prototype);

export function packRefusal(refusal: Refusal): PackedRefusal {
  const { cause, message, ...fields } = refusal;
  return { name: refusal.name, message, fields, cause: cause instanceof Refusal ? packRefusal(cause) : null };
}

/** Of the same class, saying the same. Throws for a name that no refusal has. */
export function unpackRefusal({ cause, fields, message, name }: PackedRefusal): Refusal {
  const prototype = PROTOTYPES.get(name);
  if (prototype === undefined) throw new Error(`${name} is no refusal`);
  const refusal: Refusal = Object.create(prototype, { message: { value: message } });
  return Object.assign(refusal, fields, cause === null ? {} : { cause: unpackRefusal(cause) });
}
