/** A hook that leaves a support session and returns to the person's own session. */

import { useState } from 'react';
import { SignOutDocument } from '../data/documents.ts';
import { useLive } from '../data/live-context.ts';
import { sessionChanged } from '../data/support.ts';

export function useLeaveSupport() {
  const { apollo } = useLive();
  const [isLeaving, setLeaving] = useState(false);

  async function leave(): Promise<void> {
    setLeaving(true);
    // If the sign-out fails, the reloaded page shows the banner again. If the session had already ended, it does not.
    await apollo.mutate({ mutation: SignOutDocument }).catch(() => {});
    sessionChanged();
  }

  return { isLeaving, leave };
}
