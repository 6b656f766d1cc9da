/** Shows a new customer's login and secret, in the dialog that created the customer. */

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
  /** The confirmation of what was done. */
  readonly text: string;
  readonly onClose: () => void;
}

/** Fetches the access in a separate query: the customer exists even if it fails. Without access, closes with a notification. */
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

/** Moves the focus here, because the pressed button has disappeared. */
function focusOnce(button: HTMLButtonElement | null): void {
  button?.focus();
}
