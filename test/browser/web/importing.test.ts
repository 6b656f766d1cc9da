import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { fits, openWeb, PHONE, seriousProblems, type WebWorld } from '../../support/clients/web.ts';
import { openTestSql } from '../../support/sql.ts';

let world: WebWorld;

beforeAll(async () => {
  world = await openWeb();
});

afterEach(async () => {
  expect(await world.closePages()).toEqual([]);
});

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

/** A day within a year from now, as YYYY-MM-DD. */
const LATER = new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10);

/** An export of another program, with a date that does not exist, half a screen, and a heading that is not recognized. */
const LINES = [
  'username;password;expiry_date;connections;name;quem',
  `joao01;segredo1;${LATER} 23:59:59;2;João da Silva;ana@demo.test`,
  'maria02;segredo2;31/02/2027;1;Maria Souza;',
  'pedro03;segredo3;09/08/2027;0.5;Pedro;',
];

function file(lines: readonly string[]) {
  return { name: 'clientes.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\r\n')) };
}

test('an owner checks a file, assigns a column, downloads the problems and discards the import, and nothing is written (R55)', async () => {
  const page = await world.person('root@demo.test', '/settings/panel', { viewport: PHONE, locale: 'pt-BR', colorScheme: 'dark' });
  await page.getByRole('link', { name: 'Importar' }).click();
  await page.getByText('Nada foi importado ainda').waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  const workbook = { name: 'clientes.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK\u0003\u0004') };
  await page.locator('input[type=file]').setInputFiles(workbook);
  await page.getByRole('button', { name: 'Enviar e conferir' }).click();
  await page.getByRole('alert').getByText('O arquivo é uma planilha.').waitFor();
  expect(world.takeErrors()).toEqual([expect.stringContaining('400')]);
  await page.locator('input[type=file]').setInputFiles(file(LINES));
  await page.getByRole('button', { name: 'Enviar e conferir' }).click();
  const waits = page.getByTestId('import-waits');
  await waits.getByText('1 de 3 linhas').waitFor();
  await page.getByTestId('import-problems').getByText('deve ser um número inteiro').waitFor();
  await page.getByTestId('import-sample').getByText('João da Silva').waitFor();
  await fits(page);
  expect(await seriousProblems(page)).toEqual([]);

  // The customer's panel is in the column whose heading is not recognized.
  const first = page.getByTestId('import-sample').getByRole('row', { name: /João da Silva/ });
  await first.getByText('seu', { exact: true }).waitFor();
  await page.getByRole('button', { name: /Diga como ler/ }).click();
  await page.getByRole('combobox', { name: 'Coluna “quem”' }).click();
  await page.getByRole('option', { name: 'Revenda responsável' }).click();
  await page.getByRole('button', { name: 'Conferir de novo' }).click();
  await first.getByText('ana@demo.test').waitFor();

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Baixar', exact: true }).click()]);
  expect(download.suggestedFilename()).toBe('Problemas de clientes.csv');
  const problems = await readFile(await download.path(), 'utf8');
  expect(problems.split('\r\n').map((line) => line.split(';').slice(0, 2))).toEqual([
    ['\u{feff}"Linha"', '"Coluna"'],
    ['"3"', '"expiry_date"'],
    ['"4"', '"connections"'],
    [''],
  ]);
  await page.reload();
  await waits.getByText('1 de 3 linhas').waitFor();
  await page.getByRole('button', { name: 'Descartar esta importação' }).click();
  await page.getByText('Nada foi importado ainda').waitFor();
  const { viewer } = await world.api.client.query(world.demo.root, '{ viewer { reseller { branch { activeCustomers } } } }');
  expect(viewer.reseller.branch.activeCustomers).toBe(0);
});

test('the platform saves an upload that waits, and the owner sees the proof with every difference zero (R55)', async () => {
  const owner = await world.person('root@demo.test', '/imports');
  await owner
    .locator('input[type=file]')
    .setInputFiles(
      file([
        'kind;id;email;name;parent;credits;username;password;expiry_date;connections',
        'reseller;r1;nova@revenda.test;Nova Revenda;;25;;;;',
        `customer;c1;;Cliente Um;r1;;cliente1;segredo1;${LATER} 23:59:59;2`,
        'customer;c2;;Cliente Velho;;;cliente2;segredo2;2025-03-09 23:59:59;1',
      ]),
    );
  await owner.getByRole('button', { name: 'Upload and check' }).click();
  await owner.getByTestId('import-waits').getByText('3 of 3 rows are valid').waitFor();
  const platform = await world.person('platform@revenda.test', '/imports');
  await platform.getByRole('link', { name: 'clientes.csv' }).click();
  await platform.getByRole('button', { name: 'Save the import' }).click();
  // The proof is pushed to both pages.
  for (const page of [platform, owner]) await page.getByTestId('import-proof').getByText('every difference is zero').waitFor();
  expect(await seriousProblems(owner)).toEqual([]);
  await owner.getByRole('row', { name: 'Their credits 25 25 0' }).waitFor();
  const [download] = await Promise.all([owner.waitForEvent('download'), owner.getByRole('link', { name: 'Download the proof' }).click()]);
  expect(download.suggestedFilename()).toBe('import-proof.csv');
  expect((await readFile(await download.path(), 'utf8')).split('\r\n').slice(0, 3)).toEqual([
    '\u{feff}Panel,Id at the source,Credits in the file,Credits issued,Difference,Customers,Screens',
    'root,,0,0,0,1,1',
    'Nova Revenda,r1,25,25,0,1,2',
  ]);

  // The new panel's owner sets the first password by a link, from a list that is shown once.
  await platform.getByRole('button', { name: 'Create the links' }).click();
  const link = await platform.getByTestId('invitations').getByText('/reset-password#').textContent();
  expect(await seriousProblems(platform)).toEqual([]);
  const [list] = await Promise.all([
    platform.waitForEvent('download'),
    platform.getByRole('button', { name: 'Download the list' }).click(),
  ]);
  expect(list.suggestedFilename()).toBe('Invitations of clientes.csv');
  await platform.reload();
  await platform.getByRole('button', { name: 'Create the links' }).click();
  await platform.getByText('1 owner already has a working link').waitFor();
  await owner.goto(link ?? '');
  await owner.getByLabel('New password', { exact: true }).fill('chosen by nova');
  await owner.getByLabel('Repeat the password').fill('chosen by nova');
  await owner.getByRole('button', { name: 'Set the password' }).click();
  await owner.getByRole('status').waitFor();
  await platform.reload();
  await platform.getByTestId('import-proof').waitFor();
  await platform.getByTestId('first-passwords').waitFor({ state: 'detached' });
});

test('the progress of a check is shown again after a reload, and the check continues without the page (R55)', async () => {
  const page = await world.person('root@demo.test', '/imports', { viewport: PHONE, locale: 'pt-BR' });
  const sql = openTestSql(world.api.databaseUrl);
  let id = '';
  await sql.begin(async (tx) => {
    // While this lock is held, the server can write no row of the file.
    await tx`LOCK import_row IN EXCLUSIVE MODE`;
    await page.locator('input[type=file]').setInputFiles(file(LINES));
    await page.getByRole('button', { name: 'Enviar e conferir' }).click();
    const progress = page.getByTestId('import-progress');
    await progress.getByText('Conferindo o arquivo').waitFor();
    await page.reload();
    await progress.getByText('Conferindo o arquivo').waitFor();
    await fits(page);
    id = page.url();
    await page.goto('about:blank');
  });
  // As if the lease of the process that waited for the lock had ended.
  await sql`UPDATE import SET taken_until = clock_timestamp() WHERE status = 'READING'`;
  await sql.end();
  await page.goto(id);
  await page.getByTestId('import-waits').getByText('1 de 3 linhas').waitFor();
});
