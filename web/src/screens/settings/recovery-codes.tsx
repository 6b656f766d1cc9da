/** Shows recovery codes, once. */

import { Button, Code, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';

/** Shows the codes once; they cannot be shown again. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const { t } = useTranslation('settings');
  const text = codes.join('\n');
  const file = useTextFile(text);
  return (
    <Stack gap="md">
      <Text size="sm">{t('totp.codesText')}</Text>
      <SimpleGrid cols={2} spacing="xs" data-testid="recovery-codes">
        {codes.map((code) => (
          <Code key={code} fz="sm" ta="center">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <CopyButton text={text} label={t('totp.copyCodes')} />
          <Button
            component="a"
            href={file}
            download="revenda-recovery-codes.txt"
            variant="light"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {t('totp.download')}
          </Button>
        </Group>
        <Button onClick={onKept}>{t('totp.kept')}</Button>
      </Group>
    </Stack>
  );
}

/** The address of a text file, valid while the component is mounted. */
function useTextFile(text: string): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [text]);
  return address;
}
