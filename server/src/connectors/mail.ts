// E-mail by SMTP. The idempotency key makes the Message-ID, so that a mail sent twice by a crash is one to whoever receives it.
import { createHash } from 'node:crypto';
import { createTransport, type Transporter } from 'nodemailer';
import { FlowError, type Json, type JsonObject } from '../../../src/index.js';
import { schemaOf, text, type Action, type CallContext, type Connected, type ConnectorKind } from './connector.js';

export const mail: ConnectorKind = {
  summary: 'e-mail by SMTP',
  settings: schemaOf(
    { url: { type: 'string', description: '`smtp://user@host:587` or `smtps://…`.' }, password: text, from: text },
    ['url', 'from'],
  ),
  async connect(settings) {
    const url = new URL(String(settings['url']));
    const { password } = settings as { password?: string };
    if (password !== undefined) url.password = encodeURIComponent(password);
    return new MailConnection(createTransport(url.href), String(settings['from']));
  },
};

class MailConnection implements Connected {
  readonly actions: Readonly<Record<string, Action>> = {
    send: {
      summary: 'sends a mail; the result is { messageId, accepted }',
      effect: 'post',
      arguments: schemaOf({ to: text, cc: text, subject: text, text, html: text, replyTo: text }, ['to', 'subject']),
    },
  };
  readonly #transport: Transporter;
  readonly #from: string;

  constructor(transport: Transporter, from: string) {
    this.#transport = transport;
    this.#from = from;
  }

  async call(_: string, args: JsonObject, { idempotencyKey, signal }: CallContext): Promise<Json> {
    signal.throwIfAborted();
    const id = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32);
    const domain = this.#from.replace(/[<>]/g, '').split('@').at(-1) ?? 'localhost';
    try {
      const sent = await this.#transport.sendMail({
        ...(args as Record<string, string>),
        from: this.#from,
        messageId: `<${id}@${domain}>`,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return { messageId: sent.messageId, accepted: (sent.accepted ?? []).map(String) };
    } catch (cause) {
      const { responseCode, message } = cause as { responseCode?: number; message: string };
      // 4xx and no answer at all: later perhaps. 5xx: never.
      const retryable = responseCode === undefined || responseCode < 500;
      throw new FlowError(`MAIL-${responseCode ?? 'NETWORK'}`, message, {}, { cause, retryable });
    }
  }

  async test(): Promise<string> {
    await this.#transport.verify();
    return 'takes mail';
  }

  async close(): Promise<void> {
    this.#transport.close();
  }
}
