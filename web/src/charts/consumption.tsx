/** The chart of credits spent over time. */

import '@mantine/charts/styles.layer.css';
import { useQuery } from '@apollo/client/react';
import { BarChart } from '@mantine/charts';
import { Anchor, Group, SegmentedControl, Skeleton, Stack, type StyleProp, Text, Title, VisuallyHidden } from '@mantine/core';
import dayjs from 'dayjs';
import isoWeek from 'dayjs/plugin/isoWeek.js';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askAgain } from '../data/ask-again.ts';
import { exportForm } from '../data/export-form.ts';
import { useOnReconnect } from '../data/live-context.ts';
import { useChange } from '../data/use-change.ts';
import type { ReportInterval } from '../gql/graphql.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Failure } from '../ui/failure.tsx';
import { ConsumptionDocument } from './documents.ts';
import { Money } from './money.tsx';

dayjs.extend(utc);
dayjs.extend(timezone);
dayjs.extend(isoWeek);

const HEIGHT = 220;

const SPANS = {
  DAY: { amount: 29, unit: 'day' },
  WEEK: { amount: 25, unit: 'week' },
  MONTH: { amount: 11, unit: 'month' },
} as const;

interface Props {
  readonly resellerId: string;
  /** The version of the panel's account. When it changes, the chart fetches its data again. */
  readonly version: number;
  readonly title: string;
  readonly height?: StyleProp<number>;
}

/** The credits that a panel spent on customers over time, by kind of operation. */
export function Consumption({ resellerId, version, title, height = HEIGHT }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [by, setBy] = useState<ReportInterval>('DAY');
  const span = useMemo(() => spanOf(by, format.timeZone), [by, format.timeZone]);
  const { data, loading, error, observable } = useQuery(ConsumptionDocument, { variables: { id: resellerId, by, ...span } });
  const again = () => askAgain(observable);
  useOnReconnect(again);
  useChange(version, again);
  const report = data?.reseller?.report;
  const series = (['activation', 'renewal', 'screens'] as const).map((name, index) => ({
    name,
    label: t(`consumption.${name}`),
    color: ['brand.7', 'brand.4', 'yellow.6'][index] ?? 'brand',
  }));
  const bars = report?.intervals.map(({ start, sums }) => ({ ...sums, start: format.intervalIn(start, by, report.timeZone) }));
  const spent = report ? report.total.activation + report.total.renewal + report.total.screens : 0;
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Title order={2} size="h4">
          {title}
        </Title>
        <SegmentedControl
          size="xs"
          value={by}
          onChange={(chosen) => setBy(chosen)}
          aria-label={t('consumption.by')}
          data={(['DAY', 'WEEK', 'MONTH'] as const).map((value) => ({ value, label: t(`consumption.${value}`) }))}
        />
      </Group>
      {error && !report ? <Failure onRetry={again} /> : null}
      {loading && !report ? <Skeleton h={height} /> : null}
      {bars && spent === 0 ? (
        <Text size="sm" c="dimmed" py="lg" ta="center">
          {t('consumption.empty')}
        </Text>
      ) : null}
      {bars && spent > 0 ? (
        <>
          <VisuallyHidden>{t('consumption.summary', { amount: format.number(spent) })}</VisuallyHidden>
          <BarChart
            h={height}
            data={bars}
            dataKey="start"
            series={series}
            type="stacked"
            withLegend
            valueFormatter={format.number}
            tickLine="none"
            barProps={{ isAnimationActive: false }}
            // The chart is hidden from screen readers, so it must not take the keyboard focus either.
            barChartProps={{ accessibilityLayer: false }}
            aria-hidden
          />
        </>
      ) : null}
      {report ? <Money report={report} /> : null}
      {report ? (
        <Anchor
          href={`/export/report.csv?${new URLSearchParams({ reseller: resellerId, by, ...span, ...exportForm(format) })}`}
          download
          size="xs"
        >
          {t('consumption.download')}
        </Anchor>
      ) : null}
    </Stack>
  );
}

/** Whole days, weeks (from Monday) or months of the tenant's calendar, up to now. A cut first bar would look like a bad week. */
function spanOf(by: ReportInterval, timeZone: string): { from: string; to: string } {
  const { amount, unit } = SPANS[by];
  const now = dayjs().tz(timeZone);
  const first = now.subtract(amount, unit).startOf(unit === 'week' ? 'isoWeek' : unit);
  return { from: first.toISOString(), to: now.endOf('day').toISOString() };
}
