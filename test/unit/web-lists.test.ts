import { createInstance } from 'i18next';
import { expect, test } from 'vitest';
import { telephoneOf, whatsappLink } from '../../web/src/data/whatsapp.ts';
import { formatsOf } from '../../web/src/i18n/formats.ts';
import { customers } from '../../web/src/i18n/pt/customers.ts';
import { daysLeft } from '../../web/src/screens/customers/days-left.ts';

test('a contact is a telephone number in the forms that people paste; an e-mail, a name or a masked number is not', () => {
  const brazilian = ['(11) 98765-4321', '11987654321', '011 98765-4321', '+55 11 98765-4321', '0055 11 98765 4321', '5511987654321'];
  const wrapped = ['tel:+5511987654321', 'https://wa.me/5511987654321', '5511987654321@s.whatsapp.net'];
  for (const contact of [...brazilian, ...wrapped]) expect(telephoneOf(contact), contact).toBe('+5511987654321');
  expect(telephoneOf('+351 912 345 678')).toBe('+351912345678');
  const others = [null, '', 'ana@example.test', 'Ana', '98765-4321', '••• 4321', '+12', `+${'1'.repeat(16)}`, '@joao99', '11987654321 x'];
  for (const contact of others) expect(telephoneOf(contact), String(contact)).toBeNull();
  expect(whatsappLink('+5511987654321', 'Olá, Zé & cia!')).toBe('https://wa.me/5511987654321?text=Ol%C3%A1%2C+Z%C3%A9+%26+cia%21');
});

test("a day ends by the tenant's clocks, and days are counted by its midnights, even where clocks change at midnight", () => {
  const brazil = formatsOf('pt-BR', 'America/Sao_Paulo');
  const evening = Date.parse('2026-03-10T23:30:00-03:00');
  expect(new Date(brazil.dayEndMs(evening)).toISOString()).toBe('2026-03-11T03:00:00.000Z');
  expect(brazil.daysBetween(evening, Date.parse('2026-03-11T00:10:00-03:00'))).toBe(1);
  expect(brazil.daysBetween(evening, Date.parse('2026-03-08T23:00:00-03:00'))).toBe(-2);
  // In Beirut the day of 29 March 2026 has no midnight: the clocks go from 24:00 to 1:00.
  const beirut = formatsOf('en', 'Asia/Beirut');
  expect(new Date(beirut.dayEndMs(Date.parse('2026-03-28T12:00:00Z'))).toISOString()).toBe('2026-03-28T22:00:00.000Z');
  expect(brazil.span(3, 'day')).toBe('3 dias');
  expect(brazil.ago(2, 'day')).toBe('há 2 dias');
});

test("remaining time is given in the tenant's calendar days, below a day in hours, and ended terms with how long ago", async () => {
  const i18n = createInstance();
  await i18n.init({ lng: 'pt-BR', resources: { 'pt-BR': { customers } }, defaultNS: 'customers' });
  const format = formatsOf('pt-BR', 'America/Sao_Paulo');
  const nowMs = Date.parse('2026-03-10T21:00:00-03:00');
  const left = (expiresAt: string, status: 'ACTIVE' | 'TRIAL' | 'EXPIRED' | 'CANCELED' = 'ACTIVE') => {
    const { text, tone } = daysLeft({ status, expiresAt: `${expiresAt}-03:00` }, nowMs, format, i18n.getFixedT('pt-BR', 'customers'));
    return `${tone}: ${text}`;
  };
  expect(left('2026-03-10T21:40:30')).toBe('today: hoje, 40 minutos');
  expect(left('2026-03-10T23:59:59')).toBe('today: hoje, 2 horas');
  expect(left('2026-03-11T00:00:00')).toBe('today: amanhã, 3 horas');
  expect(left('2026-03-11T21:00:00')).toBe('soon: amanhã');
  expect(left('2026-03-13T08:00:00')).toBe('soon: 3 dias');
  expect(left('2026-04-09T21:00:00')).toBe('later: 30 dias');
  expect(left('2026-03-10T23:00:00', 'TRIAL')).toBe('trial: teste, hoje, 2 horas');
  expect(left('2026-03-10T20:30:00', 'EXPIRED')).toBe('over: vencido há 30 minutos');
  expect(left('2026-03-09T22:00:00', 'EXPIRED')).toBe('over: vencido há 23 horas');
  expect(left('2026-03-08T20:00:00', 'EXPIRED')).toBe('over: vencido há 2 dias');
  // The list was requested before it ended.
  expect(left('2026-03-10T20:59:59')).toBe('over: vencido há 0 minuto');
  expect(left('2026-03-20T21:00:00', 'CANCELED')).toBe('none: Cancelado');
});
