/** Who is asking. Filled by src/server from a session; cached for seconds, so rights are decided again under locks. */
export type Role = 'PLATFORM' | 'OWNER' | 'OPERATOR' | 'FINANCE' | 'VIEWER';

/** The platform's own users belong to this tenant, which has no reseller; it is also their idempotency scope. */
export const PLATFORM_TENANT_ID = '00000000-0000-0000-0000-000000000000';

export interface Panel {
  readonly id: string;
  /** Labels of all ancestors and of the panel itself, each closed by a dot: its branch is one range of paths. */
  readonly path: string;
  readonly depth: number;
}

export interface Actor {
  readonly userId: string;
  readonly tenantId: string;
  readonly email: string;
  readonly role: Role;
  readonly sessionId: string;
  /** Milliseconds since 1970: when the session ends unless it is used again. */
  readonly sessionExpiresAtMs: number;
  /** null for the platform, which has no panel. */
  readonly panel: Panel | null;
}

/** Whether `path` is the panel itself or below it. The one predicate of R18. */
export function isInBranch(panelPath: string, path: string): boolean {
  return path.startsWith(panelPath);
}

/** The exclusive upper bound of a branch's range of paths: "/" is the byte after ".". */
export function branchEnd(panelPath: string): string {
  return `${panelPath.slice(0, -1)}/`;
}
