/** What can be done with a customer: every action once, with its icon and whether it spends credits, and when it is offered. */

import {
  IconBan,
  IconDeviceTvOld,
  IconPencil,
  IconPlayerPlay,
  IconRefresh,
  IconScreenShareOff,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { ActivateDialog } from './activate-dialog.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { RenewDialog } from './renew-dialog.tsx';
import { AddScreensDialog, FewerScreensDialog } from './screens-dialogs.tsx';

interface Shown {
  readonly icon: TablerIcon;
  readonly spends: boolean;
  readonly dialog: ComponentType<{ readonly customer: CustomerRowFragment; readonly onClose: () => void }>;
}

export const ACTIONS = {
  activate: { icon: IconPlayerPlay, spends: true, dialog: ActivateDialog },
  renew: { icon: IconRefresh, spends: true, dialog: RenewDialog },
  addScreens: { icon: IconDeviceTvOld, spends: true, dialog: AddScreensDialog },
  fewerScreens: { icon: IconScreenShareOff, spends: false, dialog: FewerScreensDialog },
  edit: { icon: IconPencil, spends: false, dialog: EditDialog },
  cancel: { icon: IconBan, spends: false, dialog: CancelDialog },
} as const satisfies Readonly<Record<string, Shown>>;

export type Action = keyof typeof ACTIONS;

/** What makes sense for a customer as it is, the usual thing first. The server decides; this hides what it would refuse. */
export function actionsFor({ status, nextScreens, creditsSpent }: CustomerRowFragment): readonly Action[] {
  switch (status) {
    case 'TRIAL':
      return ['activate', 'edit', 'cancel'];
    case 'ACTIVE':
      return ['renew', 'addScreens', ...(nextScreens > 1 ? (['fewerScreens'] as const) : []), 'edit', 'cancel'];
    case 'EXPIRED':
      // One that never paid was a trial, which is activated and not renewed.
      return creditsSpent > 0 ? ['renew', 'activate', 'edit'] : ['activate', 'edit'];
    case 'CANCELED':
      return ['renew', 'edit'];
  }
}

/** What its card offers first; null where nothing is sold to it now. */
export function firstSpend(customer: CustomerRowFragment): 'activate' | 'renew' | null {
  return actionsFor(customer).find((kind) => kind === 'activate' || kind === 'renew') ?? null;
}

/** Whether it may be among those that are renewed together. */
export function isRenewable(customer: CustomerRowFragment): boolean {
  return actionsFor(customer).includes('renew');
}
