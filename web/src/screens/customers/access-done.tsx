/** What a new customer signs in with, in the dialog that made it. */

import { useQuery } from '@apollo/client/react';
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRowFragment } from '../../gql/graphql.ts';
import { DialogFooter } from '../../ui/dialog-footer.tsx';
import { notifyDone } from '../../ui/notify.ts';
import { CustomerAccessDocument } from './access-documents.ts';
import { AccessButtons, AccessLines } from './access-shown.tsx';

interface Props {
  readonly customer: CustomerRowFragment;
  /** What was done. */
  readonly text: string;
  readonly onClose: () => void;
}

/** Asked for apart from the command: whatever becomes of this, the customer is there. Without any access there is nothing to show. */
export function AccessDone({ customer, text, onClose }: Props) {
  const { t } = useTranslation('access');
  const { t: common } = useTranslation();
  const { data, error } = useQuery(CustomerAccessDocument, { variables: { id: customer.id } });
  const access = data?.customer?.access;
  const isNone = error !== undefined || (data !== undefined && !access);
  useEffect(() => {
    if (!isNone) return;
    notifyDone(text);
    onClose();
  }, [isNone, onClose, text]);
  return (
    <Stack gap="md" data-testid="access-done">
      <Text role="status">{text}</Text>
      {access ? (
        <>
          <Stack gap="xs" role="group" aria-label={t('customer.title')}>
            <AccessLines access={access} />
          </Stack>
          <Group gap="xs">
            <AccessButtons access={access} customer={customer} />
          </Group>
        </>
      ) : (
        <Skeleton h={80} />
      )}
      <DialogFooter>
        <Button onClick={onClose} ref={focusOnce}>
          {common('actions.close')}
        </Button>
      </DialogFooter>
    </Stack>
  );
}

/** The button that was pressed is gone. */
function focusOnce(button: HTMLButtonElement | null): void {
  button?.focus();
}
