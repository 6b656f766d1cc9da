import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { closedAtEnd } from '../leftovers.ts';
import { until } from '../until.ts';

/** How a mail server refuses an address. */
export interface SmtpRefusal {
  readonly status: number;
  readonly text: string;
}

/** A received mail. */
export interface CaughtMail {
  readonly to: string;
  readonly mail: ParsedMail;
  readonly wasEncrypted: boolean;
  /** The client's login; null if it did not sign in. */
  readonly user: string | null;
}

export interface CatcherOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The login that the server requires; without it, the server requires none. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** A mail server that keeps the mails it receives. A test can make it refuse, hang, stop and start again. */
export class MailCatcher {
  readonly mails: CaughtMail[] = [];
  /** The addresses that clients have asked it to deliver to, accepted or refused. */
  readonly asked: string[] = [];
  refuse: (address: string) => SmtpRefusal | null = () => null;
  /** The server reads a mail to its end, and responds once this promise has resolved. */
  hold: Promise<unknown> = Promise.resolve();
  readonly #options: CatcherOptions;
  #server: SMTPServer | null = null;
  #port = 0;

  private constructor(options: CatcherOptions) {
    this.#options = options;
  }

  static async open(options: CatcherOptions = {}): Promise<MailCatcher> {
    const catcher = new MailCatcher(options);
    closedAtEnd(() => catcher.goDown());
    await catcher.comeUp();
    return catcher;
  }

  get port(): number {
    return this.#port;
  }

  /** The settings of a server that sends its mails to this one. */
  get settings(): Record<string, string> {
    return { SMTP_HOST: '127.0.0.1', SMTP_PORT: String(this.#port), MAIL_FROM: 'Revenda <no-reply@revenda.test>' };
  }

  async comeUp(): Promise<void> {
    const { login, tls } = this.#options;
    const options: SMTPServerOptions = {
      disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
      authOptional: login === undefined,
      ...tls,
      logger: false,
      onAuth: ({ password, username }, _session, done) => {
        const isRight = username === login?.user && password === login?.password;
        done(isRight ? null : new Error('wrong'), isRight ? { user: username } : undefined);
      },
      onRcptTo: ({ address }, _session, done) => {
        this.asked.push(address);
        const refusal = this.refuse(address);
        done(refusal === null ? null : Object.assign(new Error(`${refusal.text} <${address}>`), { responseCode: refusal.status }));
      },
      onData: (stream, session, done) => {
        simpleParser(stream).then(async (mail) => {
          await this.hold;
          const to = session.envelope.rcptTo.map(({ address }) => address).join();
          this.mails.push({ to, mail, wasEncrypted: session.secure, user: session.user ? String(session.user) : null });
          done();
        }, done);
      },
    };
    const server = new SMTPServer(options);
    // Tests kill clients, and their connections then fail.
    server.on('error', () => {});
    const listener = server.listen(this.#port, '127.0.0.1');
    if (!listener.listening) await once(listener, 'listening');
    this.#port = (listener.address() as AddressInfo).port;
    this.#server = server;
  }

  async goDown(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise<void>((resolve) => server.close(resolve));
  }

  /** Waits for a mail to this address, by default the first one. */
  mailTo(address: string, index = 0): Promise<CaughtMail> {
    return until(() => this.mails.filter(({ to }) => to === address)[index]);
  }
}
