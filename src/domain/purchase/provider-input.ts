/** Schemas of a seller's settings for a provider. An invalid value is refused when it is set, not when somebody pays (R39). */
import { z } from 'zod';
import { readPixKey, storedPixKey } from '../../payments/pix-key.ts';
import { whyNotPrinted } from '../../payments/printed-name.ts';
import { line, text } from '../text.ts';

const MAX_SECRET_CHARACTERS = 500;
/** The characters that an HTTP header can carry. A key with any other could never be sent. */
const SENDABLE = /^[\x21-\x7e]+$/;
/** The limit for a key as people write it, with dots, brackets and spaces. */
const MAX_WRITTEN_PIX_KEY_CHARACTERS = 200;

/** The prefixes of both providers' keys, with the name of the key, for a message to somebody who entered the wrong one. */
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

/** A secret of this kind, recognized by its prefix. The message never repeats any part of the value. */
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

/** A key that is sent to the provider in a header. */
function key(kind: string, must: string) {
  return secret(kind, must).refine((value) => SENDABLE.test(value), 'must have ASCII letters, digits and signs only, without spaces.');
}

export const stripeSecretKey = key("Stripe's secret key", 'must begin with sk_ or, for a restricted key, rk_.');
export const stripeWebhookSecret = secret("Stripe's webhook signing secret", 'must begin with whsec_.');
export const mercadoPagoAccessToken = key("Mercado Pago's access token", 'must begin with APP_USR- or TEST-.');
/** It has no prefix by which it could be recognized. */
export const mercadoPagoWebhookSecret = secret(null, "must be the secret signature of Mercado Pago's webhooks page.");

/** Returns the key in the form that banks know. `known` is the stored key, which a form sends back; there, digits alone are a CPF. */
export function pixKeySchema(known: string | null) {
  return text(MAX_WRITTEN_PIX_KEY_CHARACTERS).transform((written, ctx) => {
    if (written === known && storedPixKey(known) === known) return known;
    const read = readPixKey(written);
    if (typeof read !== 'string') return read.key;
    ctx.addIssue({ code: 'custom', message: read });
    return z.NEVER;
  });
}

/** A name or a city, stored as written, with enough characters that a bank can print. */
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
