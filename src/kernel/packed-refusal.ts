/** Converts refusals to plain data and back, to send them to another process of the same version. */

import * as errors from './errors.ts';
import { Refusal } from './errors.ts';

export interface PackedRefusal {
  /** The name of its class. */
  readonly name: string;
  readonly message: string;
  /** Its other fields. */
  readonly fields: object;
  readonly cause: PackedRefusal | null;
}

/** The prototypes of all refusals in errors.ts, by class name. */
const PROTOTYPES = new Map<string, object>();
for (const one of Object.values(errors)) if (one.prototype instanceof Refusal) PROTOTYPES.set(one.name, one.prototype);

export function packRefusal(refusal: Refusal): PackedRefusal {
  const { cause, message, ...fields } = refusal;
  return { name: refusal.name, message, fields, cause: cause instanceof Refusal ? packRefusal(cause) : null };
}

/** Returns a refusal with the same class and fields. Throws if no refusal has this name. */
export function unpackRefusal({ cause, fields, message, name }: PackedRefusal): Refusal {
  const prototype = PROTOTYPES.get(name);
  if (prototype === undefined) throw new Error(`${name} is not the name of a refusal`);
  const refusal: Refusal = Object.create(prototype, { message: { value: message } });
  return Object.assign(refusal, fields, cause === null ? {} : { cause: unpackRefusal(cause) });
}
