/** A hint that a right or the set of support sessions changed, so that cached rights must be checked again. Every process receives it. */
export type RightsHint =
  | { readonly kind: 'session'; readonly tenantId: string; readonly sessionId: string }
  | { readonly kind: 'user'; readonly tenantId: string; readonly userId: string }
  /** A branch was moved, suspended, resumed or closed. It concerns every panel in the branches of these paths. */
  | { readonly kind: 'branch'; readonly tenantId: string; readonly paths: readonly string[] }
  /** A support session was opened. No rights changed, but the panel that it reads is notified (R43). */
  | { readonly kind: 'support'; readonly tenantId: string; readonly resellerId: string };
