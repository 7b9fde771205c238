import type { VirtualHost } from '../vhost/virtualHost.ts';
import { AmqpError } from '../wire/amqpError.ts';
import { emptyTable, type FieldTable } from '../wire/fieldTable.ts';
import { frameMinBytes } from '../wire/frames.ts';
import { methodId } from '../wire/methodCodec.ts';
import type { FieldsOf, Method, MethodName, MethodOf } from '../wire/methods.ts';
import type { BrokerOptions } from './brokerOptions.ts';
import { type Credentials, parseCredentials } from './credentials.ts';
import { serverProperties } from './serverProperties.ts';

/** What the two sides have agreed on. */
export interface Agreement {
  readonly user: string;
  readonly capabilities: FieldTable;
  readonly frameMax: number;
  readonly channelMax: number;
  readonly heartbeatSeconds: number;
  readonly vhost: VirtualHost;
}

type Send = <N extends MethodName>(name: N, fields: FieldsOf<N>) => void;

/** Wrong credentials: the client is told by a close if it said it understands that, else the socket just ends. */
export class LoginRefused extends AmqpError {
  readonly isTold: boolean;

  constructor(mechanism: string, isTold: boolean) {
    const text = `Login was refused using authentication mechanism ${mechanism}. For details see the broker logfile.`;
    super('ACCESS_REFUSED', text, { ends: 'connection' });
    this.isTold = isTold;
  }
}

/** From start to open-ok: who the client is, the sizes both keep to, and the virtual host. */
export class Handshake {
  readonly #options: BrokerOptions;
  readonly #vhosts: ReadonlyMap<string, VirtualHost>;
  readonly #send: Send;
  #expected: 'connection.start-ok' | 'connection.tune-ok' | 'connection.open' = 'connection.start-ok';
  #user = '';
  #capabilities: FieldTable = emptyTable;
  #tuned: FieldsOf<'connection.tune-ok'> | undefined;

  constructor(options: BrokerOptions, vhosts: ReadonlyMap<string, VirtualHost>, send: Send) {
    this.#options = options;
    this.#vhosts = vhosts;
    this.#send = send;
  }

  start(): void {
    this.#send('connection.start', {
      versionMajor: 0,
      versionMinor: 9,
      serverProperties,
      mechanisms: Buffer.from('PLAIN AMQPLAIN'),
      locales: Buffer.from('en_US'),
    });
  }

  /** The agreement once the client has opened its virtual host. */
  onMethod(method: Method): Agreement | undefined {
    if (method.name !== this.#expected) {
      throw new AmqpError('COMMAND_INVALID', `expected '${this.#expected}', got '${method.name}'`);
    }
    switch (method.name) {
      case 'connection.start-ok':
        this.#login(method);
        return undefined;
      case 'connection.tune-ok':
        this.#tune(method);
        return undefined;
      case 'connection.open':
        return this.#open(method);
    }
  }

  #login({ mechanism, response, clientProperties }: MethodOf<'connection.start-ok'>): void {
    const capabilities = clientProperties.get('capabilities');
    if (capabilities?.tag === 'F') this.#capabilities = capabilities.value;
    const credentials = parseCredentials(mechanism, response);
    if (!credentials || !this.#isKnown(credentials)) {
      throw new LoginRefused(mechanism, hasCapability(this.#capabilities, 'authentication_failure_close'));
    }
    this.#user = credentials.user;
    this.#expected = 'connection.tune-ok';
    const { channelMax, frameMaxBytes: frameMax, heartbeatSeconds: heartbeat } = this.#options;
    this.#send('connection.tune', { channelMax, frameMax, heartbeat });
  }

  #isKnown({ user, password }: Credentials): boolean {
    return this.#options.users.get(user) === password;
  }

  #tune(method: MethodOf<'connection.tune-ok'>): void {
    const { frameMaxBytes, channelMax } = this.#options;
    checkTuned('frame_max', method.frameMax, frameMaxBytes);
    checkTuned('channel_max', method.channelMax, channelMax);
    if (method.frameMax !== 0 && method.frameMax < frameMinBytes) {
      const text = `negotiated frame_max = ${method.frameMax} is lower than the minimum allowed value (${frameMinBytes})`;
      throw new AmqpError('NOT_ALLOWED', text);
    }
    this.#tuned = method;
    this.#expected = 'connection.open';
  }

  #open({ virtualHost }: MethodOf<'connection.open'>): Agreement {
    const vhost = this.#vhosts.get(virtualHost);
    if (vhost === undefined) {
      throw new AmqpError('NOT_ALLOWED', `vhost ${virtualHost} not found`, { methodId: methodId('connection.open') });
    }
    const { frameMax = 0, channelMax = 0, heartbeat: heartbeatSeconds = 0 } = this.#tuned ?? {};
    return { user: this.#user, capabilities: this.#capabilities, frameMax, channelMax, heartbeatSeconds, vhost };
  }
}

/** The client may lower a limit, not raise it; 0 is none, so where the broker has a limit, 0 raises it. */
function checkTuned(name: string, wanted: number, limit: number): void {
  if (limit === 0 || (wanted !== 0 && wanted <= limit)) return;
  throw new AmqpError(
    'NOT_ALLOWED',
    `negotiated ${name} = ${wanted} is higher than the maximum allowed value (${limit})`,
  );
}

export function hasCapability(capabilities: FieldTable, name: string): boolean {
  const field = capabilities.get(name);
  return field?.tag === 't' && field.value;
}
