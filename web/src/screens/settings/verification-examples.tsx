/** Code examples that verify a webhook's signature, to copy. */

import { Accordion, Code, Stack, Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../ui/copy-button.tsx';

const EXAMPLES = {
  Node: `import { Webhook } from 'standardwebhooks';

const message = new Webhook(process.env.WEBHOOK_SECRET).verify(body, request.headers);`,
  PHP: `$key = base64_decode(substr($secret, strlen('whsec_')));
$signed = $_SERVER['HTTP_WEBHOOK_ID'] . '.' . $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] . '.' . $body;
$mine = 'v1,' . base64_encode(hash_hmac('sha256', $signed, $key, true));
$good = array_filter(explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE']), fn ($one) => hash_equals($mine, $one));
if (!$good || abs(time() - (int) $_SERVER['HTTP_WEBHOOK_TIMESTAMP']) > 300) { http_response_code(400); exit; }`,
  Python: `from standardwebhooks import Webhook

message = Webhook(secret).verify(body, headers)`,
} as const;

/** Collapsed at first. */
export function VerificationExamples() {
  const { t } = useTranslation('settings');
  return (
    <Accordion variant="contained">
      <Accordion.Item value="examples">
        <Accordion.Control>{t('webhooks.examples')}</Accordion.Control>
        <Accordion.Panel>
          <Tabs defaultValue="Node">
            <Tabs.List mb="sm">
              {Object.keys(EXAMPLES).map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {name}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {Object.entries(EXAMPLES).map(([name, text]) => (
              <Tabs.Panel key={name} value={name}>
                <Stack gap="xs" align="flex-start">
                  <Code block w="100%" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                    {text}
                  </Code>
                  <CopyButton text={text} label={t('webhooks.copyExample')} />
                </Stack>
              </Tabs.Panel>
            ))}
          </Tabs>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
