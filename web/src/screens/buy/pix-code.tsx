/** A Pix code to scan or to copy. */

import { Code, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';
import { QrCode } from '../../ui/qr-code.tsx';

/** A Pix code to scan with another device, or to copy into the bank's app on this one. */
export function PixCode({ code }: { code: string }) {
  const { t } = useTranslation('buying');
  return (
    <Stack align="center" gap="sm">
      <Text size="sm" ta="center">
        {t('pay.pix')}
      </Text>
      <QrCode text={code} label={t('pay.qr')} />
      <CopyButton text={code} label={t('pay.copy')} />
      <Code block maw="100%" fz="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {code}
      </Code>
    </Stack>
  );
}
