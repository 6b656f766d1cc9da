import { expect, test } from 'vitest';
import { formatsOf } from '../../web/src/i18n/formats.ts';

const NOON_IN_SAO_PAULO = Date.parse('2026-11-28T15:00:00Z');

test("today and tomorrow are days of the tenant's calendar, and a time less than a day away is given in hours", () => {
  const { daysFromNow } = formatsOf('pt-BR', 'America/Sao_Paulo');
  const said = (at: string) => daysFromNow(at, NOON_IN_SAO_PAULO);
  expect(said('2026-11-28T20:30:00Z')).toBe('hoje, em 5 horas');
  expect(said('2026-11-28T15:20:00Z')).toBe('hoje, em 20 minutos');
  // It is 23:30 there, and 02:30 of the next day in UTC.
  expect(said('2026-11-29T02:30:00Z')).toBe('hoje, em 11 horas');
  expect(said('2026-11-29T03:30:00Z')).toBe('amanhã, em 12 horas');
  expect(said('2026-11-30T02:30:00Z')).toBe('amanhã');
  expect(said('2026-12-01T04:00:00Z')).toBe('em 3 dias');
  expect(said('2026-11-28T02:00:00Z')).toBe('ontem, há 13 horas');
  expect(formatsOf('en', 'Asia/Tokyo').daysFromNow('2026-11-28T16:00:00Z', NOON_IN_SAO_PAULO)).toBe('today, in 1 hour');
});

test('a day is written in the same form alone and before a time', () => {
  const pt = formatsOf('pt-BR', 'America/Sao_Paulo');
  expect([pt.day('2026-12-05T12:00:00Z'), pt.dayAndTime('2026-12-05T12:00:00Z')]).toEqual(['05/12/2026', '05/12/2026, 09:00']);
  const en = formatsOf('en', 'America/Sao_Paulo');
  expect(en.dayAndTime('2026-12-05T12:00:00Z').startsWith(en.day('2026-12-05T12:00:00Z'))).toBe(true);
});

test('every row of a list uses the same formatters, for each language and zone', () => {
  const format = formatsOf('en', 'Asia/Tokyo');
  expect(formatsOf('en', 'Asia/Tokyo')).toBe(format);
  expect(formatsOf('en', 'Asia/Beirut')).not.toBe(format);
  expect(formatsOf('pt-BR', 'Asia/Tokyo')).not.toBe(format);
  // Each currency, unit and zone keeps its own formatter.
  expect([format.money(1250, 'BRL'), format.money(1250, 'USD'), format.money(1250, 'BRL')]).toEqual(['R$12.50', '$12.50', 'R$12.50']);
  expect([format.span(2, 'day'), format.span(2, 'hour'), format.span(2, 'day')]).toEqual(['2 days', '2 hours', '2 days']);
  const at = '2026-12-05T23:00:00Z';
  expect([format.intervalIn(at, 'DAY', 'Asia/Tokyo'), format.intervalIn(at, 'DAY', 'America/Sao_Paulo')]).toEqual(['12/06', '12/05']);
  expect(format.intervalIn(at, 'MONTH', 'Asia/Tokyo')).toBe('Dec 26');
});
