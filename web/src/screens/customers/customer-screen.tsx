/** The screen of one customer. */

import { useQuery } from '@apollo/client/react';
import { Button, Card, Grid, Group, Stack, Table, Text } from '@mantine/core';
import { IconUserQuestion } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { askAgain } from '../../data/ask-again.ts';
import { useMay, useOnReconnect } from '../../data/live-context.ts';
import type { CustomerQuery, CustomerRowFragment } from '../../gql/graphql.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { CopyButton, CopyText } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { PageSkeleton } from '../../ui/skeletons.tsx';
import { useActionDisabledReason } from '../../ui/use-disabled-reason.ts';
import { AccessCard } from './access-card.tsx';
import { ACTIONS, actionsFor } from './actions.ts';
import { CustomerBadge, Expiry, Screens } from './customer-facts.tsx';
import { useCustomerTexts } from './customer-texts.ts';
import { CustomerWindow, type OpenAction } from './customer-window.tsx';
import classes from './customers.module.css';
import { CustomerDocument } from './documents.ts';
import { PaymentsCard } from './payments-card.tsx';
import { RenewalCard } from './renewal-card.tsx';
import { SendDataButton } from './whatsapp-button.tsx';

const HISTORY_PAGE = 20;

/** One customer: status and term, history of charges, and actions. */
export function CustomerScreen() {
  const { t } = useTranslation('customers');
  const { id = '' } = useParams();
  const may = useMay();
  const disabledReason = useActionDisabledReason();
  const [doing, setDoing] = useState<OpenAction | null>(null);
  const { data, error, observable, refetch, fetchMore } = useQuery(CustomerDocument, {
    variables: { id, first: HISTORY_PAGE },
    fetchPolicy: 'cache-and-network',
  });
  useOnReconnect(() => askAgain(observable));
  const customer = data?.customer;
  const back = <BackLink to="/customers" label={t('page.back')} />;

  if (error && !data) return <Failure onRetry={() => refetch().catch(() => {})} />;
  if (data && !customer) {
    return (
      <EmptyState icon={IconUserQuestion} title={t('page.unknown')} action={back}>
        {t('page.unknownText')}
      </EmptyState>
    );
  }
  if (!customer) return <PageSkeleton />;
  const more = customer.history.pageInfo;
  return (
    <Page title={customer.name}>
      {back}
      {may.customers ? (
        <Group gap="xs">
          {actionsFor(customer).map((kind, index) => {
            const { icon: Icon, spends } = ACTIONS[kind];
            const Kind = disabledReason(spends) === null ? Button : ActionButton;
            return (
              <Kind
                key={kind}
                size="sm"
                variant={index === 0 ? 'filled' : kind === 'cancel' ? 'subtle' : 'default'}
                color={kind === 'cancel' ? 'red' : undefined}
                leftSection={<Icon size={16} aria-hidden />}
                onClick={() => setDoing({ kind, customer })}
              >
                {t(`actions.${kind}`)}
              </Kind>
            );
          })}
        </Group>
      ) : null}
      <Grid>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md">
            <Facts customer={customer} />
            <AccessCard customer={customer} />
            <PaymentsCard customer={customer} />
            <RenewalCard customer={customer} />
            <DataToSend customer={customer} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <History
            history={customer.history}
            onMore={more.hasNextPage ? () => fetchMore({ variables: { after: more.endCursor } }).catch(() => {}) : null}
          />
        </Grid.Col>
      </Grid>
      {doing ? <CustomerWindow doing={doing} onClose={() => setDoing(null)} /> : null}
    </Page>
  );
}

function Facts({ customer }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('customers');
  const format = useFormat();
  const { contact, muted, notes, status, creditsSpent, createdAt } = customer;
  return (
    <Card withBorder component="section" aria-label={t('page.details')}>
      <Stack gap="sm">
        <Fact label={t('columns.status')}>
          <CustomerBadge status={status} />
        </Fact>
        <Fact label={t('columns.contact')}>{contact ? <CopyText text={contact} label={t('copyContact')} /> : '—'}</Fact>
        <Fact label={t('columns.expires')}>
          <Expiry customer={customer} />
        </Fact>
        <Fact label={t('columns.screens')}>
          <Screens customer={customer} />
        </Fact>
        <Fact label={t('columns.spent')}>{format.number(creditsSpent)}</Fact>
        <Fact label={t('page.reminders')}>{t(muted ? 'page.muted' : 'page.reminded')}</Fact>
        <Fact label={t('page.since')}>{format.day(createdAt)}</Fact>
        <div>
          <Text size="sm" c="dimmed">
            {t('page.notes')}
          </Text>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {notes || t('page.noNotes')}
          </Text>
        </div>
      </Stack>
    </Card>
  );
}

/** The customer's data as one text to copy or send. */
function DataToSend({ customer }: { customer: CustomerRowFragment }) {
  const { t } = useTranslation('customers');
  const text = useCustomerTexts().data(customer);
  return (
    <Card withBorder component="section" aria-label={t('data.title')}>
      <Text fw={600} mb="xs" component="h2" size="md">
        {t('data.title')}
      </Text>
      <pre className={classes.message}>{text}</pre>
      <Group gap="xs" mt="sm">
        <CopyButton text={text} label={t('data.copy')} />
        <SendDataButton customer={customer} />
      </Group>
    </Card>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group justify="space-between" align="flex-start" gap="sm" wrap="nowrap">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" ta="right" component="div" className="numbers" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </Group>
  );
}

type HistoryOf = NonNullable<CustomerQuery['customer']>['history'];

function History({ history: { edges }, onMore }: { history: HistoryOf; onMore: (() => void) | null }) {
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation();
  const format = useFormat();
  return (
    <Card withBorder component="section" aria-label={t('page.history')}>
      <Text fw={600} mb="xs" component="h2" size="md">
        {t('page.history')}
      </Text>
      {edges.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('page.noHistory')}
        </Text>
      ) : (
        <Table verticalSpacing="xs">
          <Table.Tbody>
            {edges.map(({ node: { id, kind, amount, createdAt, actor } }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Text size="sm" fw={500}>
                    {common(`kinds.${kind}`)}
                  </Text>
                  <Text size="xs" c="dimmed" className="typed">
                    {format.dayAndTime(createdAt)} {actor ? t('page.by', { actor }) : null}
                  </Text>
                </Table.Td>
                <Table.Td ta="right" className="numbers">
                  {format.delta(kind === 'REFUND' ? amount : -amount)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {onMore ? <MoreButton mt="xs" onMore={onMore} /> : null}
    </Card>
  );
}
