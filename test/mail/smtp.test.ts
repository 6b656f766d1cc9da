import { once } from 'node:events';
import { createServer } from 'node:net';
import tls from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, expect, test } from 'vitest';
import type { Mail } from '../../src/mail/mail.ts';
import type { MailSettings } from '../../src/mail/settings.ts';
import { createMailer } from '../../src/mail/smtp.ts';
import { closedAtEnd } from '../support/leftovers.ts';
import { MailCatcher } from '../support/processes/mail-catcher.ts';
import { until } from '../support/until.ts';

const MAIL: Mail = { template: 'passwordChanged', to: 'someone@there.test', language: 'en' };
const NEVER = new AbortController().signal;
const DEFAULT_CERTIFICATES = tls.getCACertificates('default');

afterEach(() => tls.setDefaultCACertificates(DEFAULT_CERTIFICATES));

function mailerTo(port: number, rest: Partial<MailSettings> = {}) {
  return createMailer({ host: '127.0.0.1', port, secure: false, login: null, from: 'no-reply@revenda.test', ...rest });
}

/** A certificate for this machine, by its name. */
function certificate() {
  return generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
}

test('a message to a refused address dies, one refused for now is retried, and neither address is named', async () => {
  const catcher = await MailCatcher.open();
  const mailer = mailerTo(catcher.port);
  catcher.refuse = () => ({ status: 550, text: 'no such user' });
  expect(await mailer.send(MAIL, NEVER)).toEqual({ kind: 'dead', why: 'SMTP EENVELOPE 550' });
  catcher.refuse = () => ({ status: 451, text: 'greylisted' });
  expect(await mailer.send(MAIL, NEVER)).toEqual({ kind: 'failed', why: 'SMTP EENVELOPE 451' });
  catcher.refuse = () => null;
  expect(await mailer.send(MAIL, NEVER)).toEqual({ kind: 'delivered' });
});

test('a server that is down is tried again, and gets the mail when it is back', async () => {
  const catcher = await MailCatcher.open();
  const mailer = mailerTo(catcher.port);
  await catcher.goDown();
  expect(await mailer.send(MAIL, NEVER)).toMatchObject({ kind: 'failed', why: expect.stringMatching(/^SMTP E\w+$/) });
  await catcher.comeUp();
  expect(await mailer.send(MAIL, NEVER)).toEqual({ kind: 'delivered' });
});

test('a server that does not finish is cut off by the signal, and its connection closed', async () => {
  const server = createServer((socket) => {
    socket.write('220 here\r\n');
    socket.on('error', () => {});
  });
  closedAtEnd(async () => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const address = server.address();
  const stop = new AbortController();
  const sent = mailerTo(typeof address === 'object' ? (address?.port ?? 0) : 0).send(MAIL, stop.signal);
  const [socket] = await connected;
  await once(socket, 'data');
  stop.abort();
  expect(await sent).toEqual({ kind: 'failed', why: 'SMTP EABORT' });
  await until(() => socket.destroyed || socket.readableEnded || socket.closed);
});

test('with a server that offers STARTTLS the mail and the password are encrypted', async () => {
  const { cert, private: key } = await certificate();
  const login = { user: 'panel', password: 'for the mail server' };
  const catcher = await MailCatcher.open({ tls: { key, cert }, login });
  tls.setDefaultCACertificates([...DEFAULT_CERTIFICATES, cert]);
  expect(await mailerTo(catcher.port, { host: 'localhost', login }).send(MAIL, NEVER)).toEqual({ kind: 'delivered' });
  expect(await catcher.mailTo(MAIL.to)).toMatchObject({ wasEncrypted: true, user: 'panel' });
  const wrong = { ...login, password: 'another' };
  expect(await mailerTo(catcher.port, { host: 'localhost', login: wrong }).send(MAIL, NEVER)).toEqual({
    kind: 'failed',
    why: 'SMTP EAUTH 535',
  });
});

test('a server with an untrusted certificate gets nothing, not even unencrypted', async () => {
  const { cert, private: key } = await certificate();
  const catcher = await MailCatcher.open({ tls: { key, cert } });
  expect(await mailerTo(catcher.port, { host: 'localhost' }).send(MAIL, NEVER)).toMatchObject({ kind: 'failed' });
  expect(catcher.asked).toEqual([]);
});
