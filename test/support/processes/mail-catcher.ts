import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { closedAtEnd } from '../leftovers.ts';
import { until } from '../until.ts';

/** What a mail server answers to an address: nothing when it takes it. */
export interface SmtpRefusal {
  readonly status: number;
  readonly text: string;
}

/** A mail as it came in. */
export interface CaughtMail {
  readonly to: string;
  readonly mail: ParsedMail;
  readonly wasEncrypted: boolean;
  /** null: nobody signed in. */
  readonly user: string | null;
}

export interface CatcherOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Asks for these; else for nothing. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** A mail server that keeps what it is given. It refuses, hangs, goes down and comes back when it is told. */
export class MailCatcher {
  readonly mails: CaughtMail[] = [];
  /** Whom it is asked to deliver to, taken or not. */
  readonly asked: string[] = [];
  refuse: (address: string) => SmtpRefusal | null = () => null;
  /** A mail is read to its end, and answered when this has resolved. */
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

  /** The settings of a server that sends by it. */
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
    // Connections of clients that were ended, as tests do.
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

  /** The next mail to this address, counted from 0. */
  mailTo(address: string, index = 0): Promise<CaughtMail> {
    return until(() => this.mails.filter(({ to }) => to === address)[index]);
  }
}
