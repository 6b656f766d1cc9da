import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Column, columnsOf, kindOf } from '../../src/domain/imports/reading/columns.ts';
import { clockOf, parseMoment } from '../../src/domain/imports/reading/dates.ts';
import { ByteReader, decoded, separatorOf } from '../../src/domain/imports/reading/decode.ts';
import { type ImportedRow, type Problem, readRow } from '../../src/domain/imports/reading/read-row.ts';
import { recordsOf, UnreadableFile } from '../../src/domain/imports/reading/records.ts';

const UTC = clockOf('UTC');
const SAO_PAULO = clockOf('America/Sao_Paulo');
const NOW = Date.UTC(2026, 7, 1);

async function* pieces<Piece>(...all: readonly Piece[]): AsyncGenerator<Piece> {
  yield* all;
}

interface Read {
  readonly columns: readonly Column[];
  readonly rows: readonly ImportedRow[];
  readonly problems: readonly Problem[];
}

/** Reads a file from its bytes, in pieces of any size. */
async function read(file: string | Buffer, pieceBytes = 7): Promise<Read> {
  const bytes = Buffer.from(file);
  const chunks = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  const reader = new ByteReader();
  for (const chunk of chunks) reader.take(chunk);
  const encoding = reader.end();
  const separator = separatorOf(bytes.toString('latin1'));
  const [rows, problems]: [ImportedRow[], Problem[]] = [[], []];
  let columns: readonly Column[] = [];
  for await (const record of recordsOf(decoded(pieces(...chunks), encoding), separator)) {
    if (columns.length === 0) {
      columns = columnsOf(record.values, new Map());
      continue;
    }
    const kind = kindOf(columns);
    if ('failure' in kind) throw new UnreadableFile(1, kind.failure);
    const one = readRow(record, { ...kind, columns, clock: SAO_PAULO, nowMs: NOW, loginDomain: 'demo.invalid' });
    if (one === null) continue;
    if ('externalId' in one) rows.push(one);
    else problems.push(...one);
  }
  return { columns, rows, problems };
}

const refusal = (file: string | Buffer) =>
  read(file).then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );

describe('the times of spreadsheets and other panels', () => {
  test.each([
    ['2026-08-09 23:59:59', '2026-08-10T02:59:59Z'],
    ['2026-08-09T10:00', '2026-08-09T13:00:00Z'],
    ['2026-08-09', '2026-08-10T02:59:59Z'],
    ['09/08/2026', '2026-08-10T02:59:59Z'],
    ['09/08/2026 23:59', '2026-08-10T02:59:00Z'],
    ['9-8-2026', '2026-08-10T02:59:59Z'],
    ['46243', '2026-08-10T02:59:59Z'],
    ['46243.5', '2026-08-09T15:00:00Z'],
    ['1786330799', '2026-08-10T02:59:59Z'],
    ['1786330799000', '2026-08-10T02:59:59Z'],
    ['2026-08-10T02:59:59.000Z', '2026-08-10T02:59:59Z'],
    ['2026-08-09 23:59:59-0300', '2026-08-10T02:59:59Z'],
  ])('%s in America/Sao_Paulo is %s (R55)', (text, moment) => {
    expect(parseMoment(text, SAO_PAULO)).toBe(Date.parse(moment));
  });

  test.each(['31/02/2026', '2026-02-30', '13/13/2026', '2026-08-09 24:00', '09/08/26', 'ontem', '-1', '1e9', '12', '2026', '999999'])(
    '%s is not a time (R55)',
    (text) => {
      expect(parseMoment(text, UTC)).toBeNull();
    },
  );

  test('any second of a year can be read back from any format, in any zone (R55)', () => {
    const zones = ['America/Sao_Paulo', 'UTC', 'Europe/Lisbon', 'America/New_York', 'Asia/Kolkata'].map((zone) => ({
      clock: clockOf(zone),
      wall: new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }),
    }));
    fc.assert(
      fc.property(fc.integer({ min: 1_750_000_000, max: 1_830_000_000 }), fc.constantFrom(...zones), (seconds, { clock, wall }) => {
        const ms = seconds * 1000;
        const text = wall.format(ms);
        // Of an hour that occurred twice, the first.
        const read = parseMoment(text, clock) ?? 0;
        expect([ms, ms - 3_600_000]).toContain(read);
        expect(wall.format(read)).toBe(text);
        const [year, month, day, time] = text.split(/[- ]/);
        expect(parseMoment(`${day}/${month}/${year} ${time}`, clock)).toBe(read);
        expect(parseMoment(String(seconds), clock)).toBe(ms);
        expect(parseMoment(String(ms), clock)).toBe(ms);
      }),
    );
  });

  test('a time that the clocks skipped is not lost (R55)', () => {
    expect(parseMoment('2026-03-29 01:30', clockOf('Europe/Lisbon'))).toBe(Date.parse('2026-03-29T01:30:00Z'));
  });
});

const XC_LINES = 'id;username;password;exp_date;max_connections;is_trial;admin_notes;member_id\n7;ana1;segredo1;1786330799;2;0;oi;3\n';

describe('the files of users', () => {
  test('a list of the usual panels is read by its headings, in UTF-8 with a byte order mark and in Windows-1252 (R55)', async () => {
    const text =
      'username,password,expiry_date,connections,name,whatsapp,telegram,email,note,plan_price,server,package\r\n' +
      'joao.1,senha123,2026-08-09 23:59:59,3,João Ção,+55 11 98888-7777,@joao,j@x.com,"diz ""oi"", sempre",30,s1,full\r\n';
    const utf8 = await read(Buffer.from(`\u{feff}${text}`));
    expect(utf8).toEqual(await read(Buffer.from(text, 'latin1')));
    expect(utf8.problems).toEqual([]);
    expect(utf8.columns.filter(({ field }) => field === null).map(({ heading }) => heading)).toEqual(['plan_price', 'server', 'package']);
    expect(utf8.rows).toEqual([
      {
        ...{ kind: 'CUSTOMER', line: 2, externalId: 'joao.1', isGiven: true, name: 'João Ção', parent: null, login: 'joao.1' },
        ...{ secret: 'senha123', expiresAtMs: Date.parse('2026-08-10T02:59:59Z'), screens: 3, nextScreens: 3, standing: 'PAID' },
        ...{ laterSpans: null },
        ...{ contact: '+55 11 98888-7777', notes: 'diz "oi", sempre' },
      },
    ]);
  });

  test('lines and users of an XC panel become customers and panels, matched by their ids (R55)', async () => {
    const lines = await read(XC_LINES);
    expect(lines.rows).toMatchObject([
      { kind: 'CUSTOMER', externalId: '7', parent: '3', login: 'ana1', screens: 2, name: 'ana1', notes: 'oi' },
    ]);
    const users = await read('id,username,password,email,credits,owner_id\n3,rev,x,rev@x.com,40,1\n4,sub,x,,0,3\n');
    expect(users.problems).toEqual([]);
    expect(users.rows).toEqual([
      {
        kind: 'RESELLER',
        line: 2,
        externalId: '3',
        isGiven: true,
        name: 'rev',
        parent: '1',
        login: 'rev',
        email: 'rev@x.com',
        credits: 40,
        isRoot: false,
      },
      {
        kind: 'RESELLER',
        line: 3,
        externalId: '4',
        isGiven: true,
        name: 'sub',
        parent: '3',
        login: 'sub',
        email: 'sub@demo.invalid',
        credits: 0,
        isRoot: false,
      },
    ]);
  });

  test('our own exported list is read in both languages, without the guards against formulas (R55)', async () => {
    const row = "'=cmd,'@ana.souza,TRIAL,1,1,,2026-08-09T13:00:00.000Z,0,2026-01-01T00:00:00.000Z,'-nota";
    const api = await read(
      `\u{feff}name,contact,status,screens,nextScreens,screensChangeAt,expiresAt,creditsSpent,createdAt,notes\r\n${row}\r\n`,
    );
    expect(api.problems).toEqual([]);
    expect(api.rows).toMatchObject([{ name: '=cmd', contact: '@ana.souza', standing: 'TRIAL', notes: '-nota', isGiven: false }]);
    const pt = await read(
      'Nome;Contato;Situação;Telas;Telas na próxima renovação;Telas mudam em;Vencimento;Créditos gastos;Cliente desde;Observações\n' +
        'Ana;11988887777;Cancelado;3;2;2026-08-05 10:00:00;2026-08-09 10:00:00;9;2026-01-01 10:00:00;"duas\nlinhas"\n',
    );
    expect(pt.rows).toMatchObject([{ name: 'Ana', standing: 'CANCELED', screens: 3, nextScreens: 2, notes: 'duas\nlinhas' }]);
  });

  test('any text in a cell is read back from a file with any separator and any line ends (R55)', async () => {
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .filter((text) => !/^['=+\-@\uff1d\uff0b\uff0d\uff20\s]|\s$|[\0\u{feff}]/u.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        async (names, separator, end, pieceBytes) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const lines = [['login', 'expires', 'note'], ...names.map((name, index) => [`login${index}`, '2026-09-01', quoted(name)])];
          const { problems, rows } = await read(lines.map((line) => line.join(separator) + end).join(''), pieceBytes);
          const seen = new Map([...rows.map(({ externalId, ...row }) => [externalId, row] as const)]);
          names.forEach((name, index) => {
            const row = seen.get(`login${index}`);
            if (row) expect(row).toMatchObject({ notes: name.trim() || null });
            else expect(problems.some(({ column, line }) => column === 'note' && line >= index + 2)).toBe(true);
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('an error is reported in words, by line and column (R55)', () => {
  test.each([
    ['credits', '0.5', 'whole number'],
    ['credits', '-3', 'whole number'],
    ['credits', '"1.000,00"', 'whole number'],
    ['credits', '1000000001', 'from 0 to 1000000000'],
    ['credits', '1e3', 'whole number'],
    ['credits', '=1+1', 'whole number'],
    ['email', 'a b@x.com', 'e-mail'],
    ['name', '"=HYPERLINK(""http://x"")"', 'formula'],
    ['name', '\u{202e}evil', 'one line'],
  ])('a panel with %s %s is refused there', async (column, text, words) => {
    const columns = { login: 'rev', email: 'rev@x.com', name: 'Rev', credits: '10', [column]: text };
    const { problems, rows } = await read(`${Object.keys(columns).join(',')}\n${Object.values(columns).join(',')}\n`);
    expect(rows).toEqual([]);
    expect(problems).toMatchObject([{ line: 2, column, message: expect.stringContaining(words) }]);
  });

  test.each([
    ['expiry', '31/02/2026', 'no such day'],
    ['expiry', '', 'empty'],
    ['expiry', '2099-01-01', '36 periods'],
    ['telas', '0', 'from 1 to 1000'],
    ['login', 'Ana Maria', 'a-z'],
    ['senha', 'abc', '6 to 64'],
    ['status', 'banned', 'not served'],
    ['note', '@SUM(1)', 'formula'],
  ])('a customer with %s "%s" is refused there', async (column, text, words) => {
    const columns = { login: 'ana', expiry: '2026-09-01', telas: '1', senha: 'segredo', status: 'ok', note: '', [column]: text };
    const { problems } = await read(`${Object.keys(columns).join(',')}\n${Object.values(columns).join(',')}\n`);
    expect(problems).toMatchObject([{ line: 2, column, message: expect.stringContaining(words) }]);
  });

  test('a date in the past is accepted, and every problem of a row is reported, even of a row that is too long', async () => {
    const { problems, rows } = await read('login,expiry,telas\nana,2020-01-01,1\nAna,x,0\nbia,2026-09-01,1,9\n');
    expect(rows).toMatchObject([{ login: 'ana', expiresAtMs: Date.parse('2020-01-02T02:59:59Z') }]);
    expect(problems.map(({ column, line }) => [line, column])).toEqual([
      [3, 'login'],
      [3, 'telas'],
      [3, 'expiry'],
      [4, null],
    ]);
  });

  test.each([
    ['an empty file', '', 'is empty'],
    ['a ZIP or XLSX', Buffer.from('PK\u0003\u0004xx'), 'Save as'],
    ['an XLS', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1]), 'Save as'],
    ['UTF-16', Buffer.from('\u{feff}login,expiry\n', 'utf16le'), 'UTF-16'],
    ['NUL bytes', 'login,expiry\na\0b,2026-01-01\n', 'NUL'],
    ['200 columns', `${Array.from({ length: 200 }, (_, index) => `c${index}`).join(',')}\n`, 'at most 100'],
    ['a quote that is never closed', 'login,expiry\n"ana,2026-09-01\nbia,2026-09-01\n', 'never closed'],
    ['a record without an end', `login,expiry\n"${'x'.repeat(70_000)}`, 'never closed'],
    ['a statement', 'time,version,kind,credits,balance,counterparty,name\n', ''],
    ['headings that say nothing', 'a,b\n1,2\n', 'No column says'],
    ['a statement with rows', 'time,version,kind,credits,balance,counterparty\n1,1,ISSUE,1,1,PLATFORM\n', 'statement'],
  ])('%s is refused as a whole', async (_what, file, words) => {
    expect(await refusal(file)).toContain(words);
  });

  test('the line of a quote that is never closed is reported', async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => `login${index},2026-09-01`).join('\n');
    const error = await read(`login,expiry\n${rows}\n"ana,2026-09-01\n`, 4_096).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnreadableFile);
    expect(error).toMatchObject({ line: 5_002 });
  });
});
