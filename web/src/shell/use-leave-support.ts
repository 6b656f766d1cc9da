/** A hook that leaves a support session: the person is oneself again. */

import { useState } from 'react';
import { SignOutDocument } from '../data/documents.ts';
import { useLive } from '../data/live-context.ts';
import { begunElsewhere } from '../data/support.ts';

export function useLeaveSupport() {
  const { apollo } = useLive();
  const [isLeaving, setLeaving] = useState(false);

  async function leave(): Promise<void> {
    setLeaving(true);
    // What was not left, because no answer came, shows its banner again; what had ended already is left.
    await apollo.mutate({ mutation: SignOutDocument }).catch(() => {});
    begunElsewhere();
  }

  return { isLeaving, leave };
}
