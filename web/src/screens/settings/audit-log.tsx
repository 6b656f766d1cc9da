/** The audit log of a panel or branch. */

import { useQuery } from '@apollo/client/react';
import { Stack, Table, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../../data/ask-again.ts';
import { useOnReconnect } from '../../data/live-context.ts';
import type { AuditLogQuery } from '../../gql/graphql.ts';
import type { settings } from '../../i18n/en/settings.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { ListSkeleton } from '../../ui/skeletons.tsx';
import { AuditLogDocument } from './documents.ts';

const PAGE = 30;

/** Changes without movements of credits, in a panel's branch. Default: the viewer's own panel; the platform must name one. */
export function AuditLog({ resellerId = null }: { resellerId?: string | null }) {
  const { t } = useTranslation('settings');
  const { data, error, observable, fetchMore } = useQuery(AuditLogDocument, {
    variables: { resellerId, first: PAGE },
    fetchPolicy: 'network-only',
  });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  if (error && !data) return <Failure onRetry={again} />;
  const log = data?.auditLog;
  if (!log) return <ListSkeleton rows={6} />;
  if (log.edges.length === 0) {
    return (
      <EmptyState icon={IconHistory} title={t('audit.none')}>
        {t('audit.noneText')}
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      <Sheet>
        <Table.Thead>
          <Table.Tr>
            <Table.Th visibleFrom="sm">{t('audit.when')}</Table.Th>
            <Table.Th>{t('audit.what')}</Table.Th>
            <Table.Th visibleFrom="sm">{t('audit.who')}</Table.Th>
            <Table.Th visibleFrom="md">{t('audit.where')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {log.edges.map(({ node }) => (
            <Row key={node.id} entry={node} />
          ))}
        </Table.Tbody>
      </Sheet>
      {log.pageInfo.hasNextPage ? (
        <MoreButton onMore={() => fetchMore({ variables: { after: log.pageInfo.endCursor } }).catch(() => {})} />
      ) : null}
    </Stack>
  );
}

type Entry = NonNullable<AuditLogQuery['auditLog']>['edges'][number]['node'];
type Action = keyof typeof settings.audit.actions;
type Field = keyof typeof settings.audit.fields;
type Value = keyof typeof settings.audit.values;

/** The server's format of a price list. */
const PRICES = /^(.+) \(([A-Z]{3}), minor units\)$/;
const PACKAGE = /(\d+) at (\d+)/g;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

function Row({ entry: { at, action, actor, address, subject, reseller, changes } }: { entry: Entry }) {
  const { t, i18n } = useTranslation('settings');
  const format = useFormat();
  const isAction = (name: string): name is Action => i18n.exists(`audit.actions.${name}`, { ns: 'settings' });
  const isField = (name: string): name is Field => i18n.exists(`audit.fields.${name}`, { ns: 'settings' });
  const isValue = (name: string): name is Value => i18n.exists(`audit.values.${name}`, { ns: 'settings' });
  const inWords = (value: string | null | undefined) => {
    if (value == null || value === '') return t('audit.empty');
    if (TIME.test(value)) return format.dayAndTime(value);
    return isValue(value) ? t(`audit.values.${value}`) : pricesInWords(value);
  };
  const pricesInWords = (value: string) => {
    const [, list = '', currency = ''] = PRICES.exec(value) ?? [];
    const packages = [...list.matchAll(PACKAGE)].map(([, quantity, unit]) =>
      t('audit.package', { quantity: format.number(Number(quantity)), price: format.money(Number(unit), currency) }),
    );
    return packages.length > 0 ? packages.join('; ') : value;
  };
  // For another panel's customer the server hides both values (R18), so only the fact of the change is shown. That a panel was
  // closed is clear from the action.
  const seen = changes.filter(({ before, after, field }) => (before ?? after ?? null) !== null && field !== 'closed');
  const who = actor ?? t('audit.hidden');
  return (
    <Table.Tr style={{ verticalAlign: 'top' }}>
      <Table.Td visibleFrom="sm" className="numbers" style={{ whiteSpace: 'nowrap' }}>
        {format.dayAndTime(at)}
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={500}>
          {[isAction(action) ? t(`audit.actions.${action}`) : action, subject].filter(Boolean).join(': ')}
        </Text>
        {seen.map(({ field, before, after }) => (
          <Text key={field} size="xs" c="dimmed">
            {isField(field) ? t(`audit.fields.${field}`) : field}: {inWords(before)} → {inWords(after)}
          </Text>
        ))}
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {format.dayAndTime(at)} · {who}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" style={{ overflowWrap: 'anywhere' }}>
        <Text size="sm">{who}</Text>
        {address ? (
          <Text size="xs" c="dimmed">
            {t('audit.from', { address })}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td visibleFrom="md" className="typed">
        {reseller.name}
      </Table.Td>
    </Table.Tr>
  );
}
