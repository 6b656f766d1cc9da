/** What a seller may type into its settings with a provider: each value is refused when it is set, not when somebody pays (R39). */
import { z } from 'zod';
import { readPixKey, storedPixKey } from '../../payments/pix-key.ts';
import { whyNotPrinted } from '../../payments/printed-name.ts';
import { line, text } from '../text.ts';

const MAX_SECRET_CHARACTERS = 500;
/** What a header of a request can carry: of anything else no provider is ever asked. */
const SENDABLE = /^[\x21-\x7e]+$/;
/** Written with dots, brackets and blanks. */
const MAX_WRITTEN_PIX_KEY_CHARACTERS = 200;

/** What the keys of both providers begin with, and what somebody has taken who uses it in a wrong place. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^pk_/, "Stripe's publishable key"],
  [/^[sr]k_/, "Stripe's secret key"],
  [/^whsec_/, "Stripe's webhook signing secret"],
  [/^(?:APP_USR|TEST)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "Mercado Pago's public key"],
  [/^(?:APP_USR|TEST)-/, "Mercado Pago's access token"],
];

function kindOf(value: string): string | null {
  return KINDS.find(([pattern]) => pattern.test(value))?.[1] ?? null;
}

/** A secret of this kind, by what it begins with; of what was given the message never repeats a letter. */
function secret(kind: string | null, must: string) {
  return z
    .string()
    .transform((value) => value.trim())
    .pipe(text(MAX_SECRET_CHARACTERS))
    .transform((value, ctx) => {
      const given = kindOf(value);
      if (given === kind) return value;
      ctx.addIssue({ code: 'custom', message: given === null ? must : `${must} This is ${given}.` });
      return z.NEVER;
    });
}

/** What is sent to the provider, in a header. */
function key(kind: string, must: string) {
  return secret(kind, must).refine((value) => SENDABLE.test(value), 'must have letters, digits and signs of ASCII only, without spaces.');
}

export const stripeSecretKey = key("Stripe's secret key", 'must begin with sk_ or, for a restricted key, rk_.');
export const stripeWebhookSecret = secret("Stripe's webhook signing secret", 'must begin with whsec_.');
export const mercadoPagoAccessToken = key("Mercado Pago's access token", 'must begin with APP_USR- or TEST-.');
/** It begins with nothing that it could be told by. */
export const mercadoPagoWebhookSecret = secret(null, "must be the secret signature of Mercado Pago's webhooks page.");

/** Stored as banks know it. `known`: the one that is stored, which a form sends again; digits alone are a CPF there. */
export function pixKeySchema(known: string | null) {
  return text(MAX_WRITTEN_PIX_KEY_CHARACTERS).transform((written, ctx) => {
    if (written === known && storedPixKey(known) === known) return known;
    const read = readPixKey(written);
    if (typeof read !== 'string') return read.key;
    ctx.addIssue({ code: 'custom', message: read });
    return z.NEVER;
  });
}

/** A name or a city, stored as written, of which a bank can print enough. */
export function printed(max: number) {
  return z
    .string()
    .transform((value) => value.normalize('NFC').trim())
    .pipe(line(max))
    .transform((value, ctx) => {
      const message = whyNotPrinted(value, max);
      if (message === null) return value;
      ctx.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
}
