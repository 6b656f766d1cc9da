/** Says that a right, or who looks at a panel, changed: cached conclusions must be checked again. Travels to every process. */
export type RightsHint =
  | { readonly kind: 'session'; readonly tenantId: string; readonly sessionId: string }
  | { readonly kind: 'user'; readonly tenantId: string; readonly userId: string }
  /** A branch was moved, suspended, resumed or closed: everyone at or below either path. */
  | { readonly kind: 'branch'; readonly tenantId: string; readonly paths: readonly string[] }
  /** A support session was opened in a panel. No rights changed; the panel it reads is notified (R43). */
  | { readonly kind: 'support'; readonly tenantId: string; readonly resellerId: string };
