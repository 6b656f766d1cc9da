/** Opens the dialog of one action on a customer. */

import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { ACTIONS, type Action } from './actions.ts';
import { ActivateDialog } from './activate-dialog.tsx';
import { RenewManyDialog } from './renew-many-dialog.tsx';
import { TrialDialog } from './trial-dialog.tsx';

/** The action that is open, with its customers. */
export type OpenAction =
  | { readonly kind: 'new' | 'trial' }
  | { readonly kind: 'renewMany'; readonly customers: readonly CustomerRowFragment[] }
  | { readonly kind: Action; readonly customer: CustomerRowFragment };

interface Props {
  readonly doing: OpenAction;
  /** Called after a bulk renewal. */
  readonly onRenewed?: () => void;
  readonly onClose: () => void;
}

const NOTHING = () => {};

/** The dialog of one action. */
export function CustomerWindow({ doing, onRenewed = NOTHING, onClose }: Props) {
  switch (doing.kind) {
    case 'new':
      return <ActivateDialog customer={null} onClose={onClose} />;
    case 'trial':
      return <TrialDialog onClose={onClose} />;
    case 'renewMany':
      return <RenewManyDialog selected={doing.customers} onRenewed={onRenewed} onClose={onClose} />;
    default: {
      const { dialog: Dialog } = ACTIONS[doing.kind];
      return <Dialog customer={doing.customer} onClose={onClose} />;
    }
  }
}
