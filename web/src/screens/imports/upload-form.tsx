/** The first step of an import: the file, and the values that cannot be detected in it. */

import { skipToken, useQuery } from '@apollo/client/react';
import { Alert, Button, Card, FileInput, Group, Progress, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileSpreadsheet, IconUpload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useMay } from '../../data/live-context.ts';
import { useTimeZone } from '../../data/time-zone.ts';
import { ImportTenantsDocument } from './documents.ts';
import { UploadProblem, upload } from './upload.ts';
import { useProblemText } from './use-problem-text.ts';

const TYPING_MS = 300;
const FOUND = 20;
const MAX_SEARCH_CHARACTERS = 100;
const DEFAULT_SOURCE = 'csv';

/** Opens the import's screen once the file is uploaded. */
export function UploadForm() {
  const { t } = useTranslation('imports');
  const { platform } = useMay();
  const navigate = useNavigate();
  const timeZone = useTimeZone();
  const [file, setFile] = useState<File | null>(null);
  const [source, setSource] = useState(DEFAULT_SOURCE);
  const [zone, setZone] = useState(timeZone);
  const [rootName, setRootName] = useState('');
  const [tenant, setTenant] = useState<string | null>(null);
  const problemText = useProblemText();
  const [percent, setPercent] = useState<number | null>(null);
  const [problem, setProblem] = useState<UploadProblem | null>(null);
  const ended = useRef(new AbortController());
  useEffect(() => {
    const sending = new AbortController();
    ended.current = sending;
    return () => sending.abort();
  }, []);

  const isSending = percent !== null;
  const isReady = file !== null && source.trim() !== '' && (!platform || tenant !== null);

  async function send(): Promise<void> {
    if (file === null || !isReady || isSending) return;
    setProblem(null);
    setPercent(0);
    try {
      const fields = { source: source.trim(), timeZone: zone.trim(), rootName: rootName.trim(), tenant: tenant ?? '' };
      const id = await upload({ file, fields, onProgress: setPercent, signal: ended.current.signal });
      await navigate(`/imports/${encodeURIComponent(id)}`);
    } catch (error) {
      setProblem(error instanceof UploadProblem ? error : new UploadProblem(null, ''));
      setPercent(null);
    }
  }

  return (
    <Card withBorder>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Stack gap="md" maw={560}>
          <Text size="sm" c="dimmed">
            {t('upload.text')}
          </Text>
          {platform ? <TenantSelect tenant={tenant} onTenant={setTenant} /> : null}
          <FileInput
            label={t('upload.file')}
            description={t('upload.fileHint')}
            placeholder={t('upload.choose')}
            accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
            leftSection={<IconFileSpreadsheet size={18} aria-hidden />}
            value={file}
            onChange={setFile}
            disabled={isSending}
            clearable
          />
          <TextInput
            label={t('upload.source')}
            description={t('upload.sourceHint')}
            maxLength={100}
            value={source}
            onChange={({ currentTarget }) => setSource(currentTarget.value)}
            disabled={isSending}
          />
          <TextInput
            label={t('upload.timeZone')}
            description={t('upload.timeZoneHint')}
            value={zone}
            onChange={({ currentTarget }) => setZone(currentTarget.value)}
            disabled={isSending}
          />
          <TextInput
            label={t('upload.rootName')}
            description={t('upload.rootNameHint')}
            maxLength={200}
            value={rootName}
            onChange={({ currentTarget }) => setRootName(currentTarget.value)}
            disabled={isSending}
          />
          {problem ? (
            <Alert color="red" role="alert">
              {problem.message === '' ? t('upload.unanswered') : t('upload.refused', { message: problemText(problem.message) })}
            </Alert>
          ) : null}
          {isSending ? <Progress value={percent} aria-label={t('upload.sending')} size="lg" animated /> : null}
          <Group>
            <Button type="submit" loading={isSending} disabled={!isReady} leftSection={<IconUpload size={16} aria-hidden />}>
              {t('upload.send')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

/** The platform's choice of the tenant to import into. */
function TenantSelect({ tenant, onTenant }: { tenant: string | null; onTenant: (id: string | null) => void }) {
  const { t } = useTranslation('imports');
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data, previousData } = useQuery(
    ImportTenantsDocument,
    search.length > MAX_SEARCH_CHARACTERS ? skipToken : { variables: { first: FOUND, search: search || null } },
  );
  const found = (data ?? previousData)?.tenants?.edges ?? [];
  return (
    <Select
      label={t('upload.tenant')}
      placeholder={t('upload.tenantHint')}
      searchable
      data={found.map(({ node }) => ({ value: node.id, label: node.name }))}
      filter={({ options }) => options}
      value={tenant}
      onChange={onTenant}
      searchValue={typed}
      onSearchChange={setTyped}
    />
  );
}
