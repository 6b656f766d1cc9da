/** Says that a right changed: cached conclusions must be checked again. Travels to every process. */
export type RightsHint =
  | { readonly kind: 'session'; readonly tenantId: string; readonly sessionId: string }
  | { readonly kind: 'user'; readonly tenantId: string; readonly userId: string }
  /** A branch was moved, suspended, resumed or closed: everyone at or below either path. */
  | { readonly kind: 'branch'; readonly tenantId: string; readonly paths: readonly string[] };
