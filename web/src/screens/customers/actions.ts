/** The actions on a customer: each with its icon, whether it spends credits, and when it is offered. */

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

/** The actions that fit a customer's status, the usual one first. The server decides; this hides what it would refuse. */
export function actionsFor({ status, nextScreens, creditsSpent }: CustomerRowFragment): readonly Action[] {
  switch (status) {
    case 'TRIAL':
      return ['activate', 'edit', 'cancel'];
    case 'ACTIVE':
      return ['renew', 'addScreens', ...(nextScreens > 1 ? (['fewerScreens'] as const) : []), 'edit', 'cancel'];
    case 'EXPIRED':
      // A customer who never paid had a trial, which is activated and not renewed.
      return creditsSpent > 0 ? ['renew', 'activate', 'edit'] : ['activate', 'edit'];
    case 'CANCELED':
      return ['renew', 'edit'];
  }
}

/** The main paid action on the customer's card; null if none is possible now. */
export function firstSpend(customer: CustomerRowFragment): 'activate' | 'renew' | null {
  return actionsFor(customer).find((kind) => kind === 'activate' || kind === 'renew') ?? null;
}

/** Whether the customer can be part of a bulk renewal. */
export function isRenewable(customer: CustomerRowFragment): boolean {
  return actionsFor(customer).includes('renew');
}
