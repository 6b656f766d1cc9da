/** Creates links with which the owners of imported panels set their passwords; shows them once, to download or print (R55). */

import type { ApolloClient } from '@apollo/client';
import { Alert, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { IconFileSpreadsheet, IconKey, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIntent } from '../../data/use-intent.ts';
import type { CreateImportInvitationsMutation } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { notifyProblem } from '../../ui/notify.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { useRefusalText } from '../../ui/use-refusal-text.ts';
import { CreateImportInvitationsDocument } from './documents.ts';
import { downloadCsv, nameOf } from './download-csv.ts';

type Result = NonNullable<CreateImportInvitationsMutation['createImportInvitations']>;
type Payload = Extract<Result, { __typename: 'CreateImportInvitationsPayload' }>;
type Invitation = Payload['invitations'][number];

interface Props {
  readonly id: string;
  readonly fileName: string | null;
  /** The number of owners without a password. */
  readonly waiting: number;
}

/** Renders nothing if every owner has a password. */
export function FirstPasswords({ fileName, id, waiting }: Props) {
  const { t } = useTranslation('imports');
  const refusalText = useRefusalText();
  const [made, setMade] = useState<readonly Invitation[] | null>(null);
  const intent = useIntent((apollo, renew: boolean) => inviteAll(apollo, id, renew), {
    isShownOnce: true,
    title: t('passwords.make'),
    onDone: ({ invitations }) => setMade(invitations),
    onRefused: (refusal) => notifyProblem(refusalText(refusal)),
  });
  if (waiting === 0 && made === null) return null;
  const isRest = made !== null && made.length < waiting;
  return (
    <Stack gap="sm" data-testid="first-passwords">
      <Title order={2} size="h4">
        {t('passwords.title')}
      </Title>
      {made === null ? <Text size="sm">{t('passwords.text', { count: waiting })}</Text> : null}
      {made !== null && made.length > 0 ? <InvitationList invitations={made} fileName={fileName} /> : null}
      {isRest ? (
        <Alert color="orange" className="unprinted">
          {t('passwords.made', { count: waiting - made.length })}
        </Alert>
      ) : null}
      <Group className="unprinted">
        {made === null || isRest ? (
          <Button
            variant={isRest ? 'light' : 'filled'}
            leftSection={<IconKey size={16} aria-hidden />}
            loading={intent.isSending}
            onClick={() => intent.send(() => isRest)}
          >
            {isRest ? t('passwords.renew') : t('passwords.make')}
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}

/** Calls the mutation until all invitations are created. The cache stores none of them. */
async function inviteAll(apollo: ApolloClient, importId: string, renew: boolean): Promise<Result | undefined> {
  const invitations: Invitation[] = [];
  for (;;) {
    const input = { importId, renew, after: invitations.at(-1)?.resellerId ?? null };
    const { data } = await apollo.mutate({ mutation: CreateImportInvitationsDocument, variables: { input }, fetchPolicy: 'no-cache' });
    const result = data?.createImportInvitations;
    if (result?.__typename !== 'CreateImportInvitationsPayload') return result;
    invitations.push(...result.invitations);
    if (!result.hasMore) return { ...result, invitations };
  }
}

function InvitationList({ fileName, invitations }: { invitations: readonly Invitation[]; fileName: string | null }) {
  const { t } = useTranslation('imports');
  const format = useFormat();
  const headings = [t('passwords.panel'), t('passwords.email'), t('passwords.link'), t('passwords.until')];
  const rows = invitations.map(({ email, expiresAt, resellerId, resellerName, token }) => ({
    id: resellerId,
    cells: [resellerName, email, `${location.origin}/reset-password#${token}`, format.dayAndTime(expiresAt)],
  }));
  const download = () => downloadCsv(nameOf(t('passwords.file'), fileName), [headings, ...rows.map(({ cells }) => cells)]);
  return (
    <>
      <Alert color="orange" className="unprinted">
        {t('passwords.once')}
      </Alert>
      <Group gap="xs" className="unprinted">
        <Button variant="light" leftSection={<IconFileSpreadsheet size={16} aria-hidden />} onClick={download}>
          {t('passwords.download')}
        </Button>
        <Button variant="light" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}>
          {t('passwords.print')}
        </Button>
      </Group>
      <Sheet scrolledAs={t('passwords.title')} data-testid="invitations">
        <Table.Thead>
          <Table.Tr>
            {headings.map((heading) => (
              <Table.Th key={heading}>{heading}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ cells: [panel, email, link, until], id }) => (
            <Table.Tr key={id}>
              <Table.Td>{panel}</Table.Td>
              <Table.Td className="typed">{email}</Table.Td>
              <Table.Td className="typed">{link}</Table.Td>
              <Table.Td>{until}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Sheet>
    </>
  );
}
