/** A hook that signs the person out. */

import { useTranslation } from 'react-i18next';
import { useLive } from '../data/live-context.ts';
import { graphql } from '../gql/gql.ts';
import { notifyProblem } from '../ui/notify.ts';

const SignOutDocument = graphql(`
  mutation SignOut {
    signOut { ok }
  }
`);

const EndOthersDocument = graphql(`
  mutation EndOtherSessions {
    revokeOtherSessions { endedSessions }
  }
`);

/** Ends this session, or with it all others of the same person. Whoever could not be signed out is told. */
export function useSignOut() {
  const { apollo, session } = useLive();
  const { t } = useTranslation();

  async function end(alsoElsewhere: boolean): Promise<void> {
    try {
      if (alsoElsewhere) await apollo.mutate({ mutation: EndOthersDocument });
      await apollo.mutate({ mutation: SignOutDocument });
      session.lost();
    } catch {
      // A session that had ended already is `lost` by now.
      if (session.state() === 'in') notifyProblem(t('failure.unreachable'));
    }
  }

  return { signOut: () => end(false), signOutEverywhere: () => end(true) };
}
