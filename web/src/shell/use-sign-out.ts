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
 * Ends this session, or all sessions of the same person. The tab keeps no data of the session, even if the server does not
 * respond.
 */
export function useSignOut() {
  const { apollo, session } = useLive();

  async function end(alsoElsewhere: boolean): Promise<void> {
    try {
      // This session ends even if the other sessions could not be ended.
      if (alsoElsewhere) await apollo.mutate({ mutation: EndOthersDocument }).catch(() => {});
      await apollo.mutate({ mutation: SignOutDocument });
    } catch {
      // If the session had already ended, `end` was called, and no sign-out remains to be sent.
      if (session.state() === 'in') session.deferSignOut();
    } finally {
      session.end();
    }
  }

  return { signOut: () => end(false), signOutEverywhere: () => end(true) };
}
