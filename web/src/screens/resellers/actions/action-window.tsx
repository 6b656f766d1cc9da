/** Opens the dialog of one action on a panel. */

import { useTranslation } from 'react-i18next';
import { IntentModal } from '../../../ui/intent-modal.tsx';
import type { Panel } from '../documents.ts';
import { CloseForm } from './close-form.tsx';
import { EditForm } from './edit-form.tsx';
import { LimitsForm } from './limits-form.tsx';
import { MoveForm } from './move-form.tsx';
import { ReclaimForm } from './reclaim-form.tsx';
import { ResumeForm, SuspendForm } from './suspend-form.tsx';
import { TransferForm } from './transfer-form.tsx';

const FORMS = {
  transfer: TransferForm,
  reclaim: ReclaimForm,
  suspend: SuspendForm,
  resume: ResumeForm,
  move: MoveForm,
  close: CloseForm,
  edit: EditForm,
  limits: LimitsForm,
};

export interface PanelAction {
  readonly kind: keyof typeof FORMS;
  readonly panel: Panel;
}

/** The dialog of one action on one panel. */
export function ActionWindow({ action: { kind, panel }, onClose }: { action: PanelAction; onClose: () => void }) {
  const { t } = useTranslation('resellers');
  const Form = FORMS[kind];
  return (
    <IntentModal title={t(`heading.${kind}`, { name: panel.name })} onClose={onClose}>
      <Form panel={panel} onClose={onClose} />
    </IntentModal>
  );
}
