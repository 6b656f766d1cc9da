/** The drawer with the person's account, language and colors. */

import { Button, Drawer, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../data/live-context.ts';
import { LANGUAGES } from '../i18n/i18n.ts';
import { useSignOut } from './use-sign-out.ts';

const SCHEMES = ['light', 'dark', 'auto'] as const;

/** Shows who is signed in, the choice of language and colors, and the sign-out buttons. */
export function AccountDrawer({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { user, role, reseller, support } = useViewer();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { signOut, signOutEverywhere } = useSignOut();
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size={320}
      title={reseller?.name ?? t('roles.PLATFORM')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
    >
      <Stack gap="lg">
        <div>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {user.email}
          </Text>
          <Text size="sm" c="dimmed">
            {t(`roles.${role}`)}
          </Text>
        </div>
        <Choice
          label={t('menu.language')}
          value={i18n.language}
          choices={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={(language) => i18n.changeLanguage(language)}
        />
        <Choice
          label={t('menu.scheme')}
          value={colorScheme}
          choices={SCHEMES.map((value) => ({ value, label: t(`menu.${value}`) }))}
          onChange={(chosen) => setColorScheme(SCHEMES.find((scheme) => scheme === chosen) ?? 'auto')}
        />
        {support ? null : (
          <Stack gap="xs">
            <Button variant="default" leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
              {t('menu.signOut')}
            </Button>
            <Button variant="subtle" color="red" onClick={signOutEverywhere}>
              {t('menu.signOutEverywhere')}
            </Button>
          </Stack>
        )}
      </Stack>
    </Drawer>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, choices, onChange }: ChoiceProps) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {label}
      </Text>
      <SegmentedControl fullWidth aria-label={label} value={value} data={choices} onChange={onChange} />
    </div>
  );
}
