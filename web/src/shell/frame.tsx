/** Decides between the sign-in screen, the application and "no server". */

import { Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive, useSessionState } from '../data/live-context.ts';
import { load, useIsCodeMissing, useReloadWhenBack } from '../data/missing-code.ts';
import { waitOrReturn } from '../data/socket.ts';
import { loadWords } from '../i18n/i18n.ts';

const SignIn = lazy(async () => ({ default: (await load(() => import('../screens/sign-in/sign-in.tsx'))).SignIn }));
const NewPassword = lazy(async () => {
  const [{ NewPassword }] = await Promise.all([load(() => import('../screens/access/new-password.tsx')), loadWords('access', 'settings')]);
  return { default: NewPassword };
});
const Shell = lazy(async () => ({ default: (await load(() => import('./shell.tsx'))).Shell }));

/** Shows the application, the sign-in screen, or a message that the server cannot be reached. */
export function Frame() {
  return (
    <Suspense fallback={<Waiting />}>
      <Inside />
    </Suspense>
  );
}

function Inside() {
  const state = useSessionState();
  switch (state) {
    case 'in':
      return <Shell />;
    case 'oneTime':
      return <NewPassword />;
    case 'out':
      return <SignIn />;
    case 'unreachable':
      return <Unreachable />;
    case 'unknown':
      return <Waiting />;
  }
}

/** Shown while code loads; says so if the code cannot be fetched. */
export function Waiting() {
  const { t } = useTranslation();
  const isMissing = useIsCodeMissing();
  useReloadWhenBack(isMissing ? location.href : null);
  return (
    <Center mih="100vh" p="md">
      <Stack align="center" maw={420} ta="center" role="status">
        <Loader />
        {isMissing ? <Text c="dimmed">{t('code.text')}</Text> : null}
      </Stack>
    </Center>
  );
}

const TRY_EVERY_MS = 3_000;

function Unreachable() {
  const { t } = useTranslation();
  const { session } = useLive();
  useEffect(() => {
    let isShown = true;
    (async () => {
      while (isShown) {
        await waitOrReturn(TRY_EVERY_MS);
        if (isShown) await session.check();
      }
    })();
    return () => {
      isShown = false;
    };
  }, [session]);
  return (
    <Center mih="100vh" p="md">
      <Stack align="center" maw={420} ta="center" role="alert">
        <Loader />
        <Title order={1} size="h3">
          {t('failure.unreachable')}
        </Title>
        <Text c="dimmed">{t('failure.unreachableText')}</Text>
        <Button variant="default" onClick={session.check}>
          {t('actions.retry')}
        </Button>
      </Stack>
    </Center>
  );
}
