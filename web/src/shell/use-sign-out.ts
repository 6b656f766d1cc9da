/** A hook that signs the person out. */

import { SignOutDocument } from '../data/documents.ts';
import { useLive } from '../data/live-context.ts';
import { graphql } from '../gql/gql.ts';

const EndOthersDocument = graphql(`
  mutation EndOtherSessions {
    revokeOtherSessions { endedSessions }
  }
`);

/**
 * Ends this session, or with it all others of the same person. Whatever the server answers, or if it does not answer at all, nothing
 * of the session stays in this tab.
 */
export function useSignOut() {
  const { apollo, session } = useLive();

  async function end(alsoElsewhere: boolean): Promise<void> {
    try {
      // Whether or not the others could be ended, this one is.
      if (alsoElsewhere) await apollo.mutate({ mutation: EndOthersDocument }).catch(() => {});
      await apollo.mutate({ mutation: SignOutDocument });
    } catch {
      // Had it ended already, `lost` was called, and nothing is owed.
      if (session.state() === 'in') session.owe();
    } finally {
      session.lost();
    }
  }

  return { signOut: () => end(false), signOutEverywhere: () => end(true) };
}
