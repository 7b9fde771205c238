import { ownConnection } from '../../config/ownConnection.ts';
import { Fault } from '../../kernel/fault.ts';
import { parseBrokerAddress } from '../amqpFault.ts';

/** How long the broker may take to answer, and to know. */
export interface ManagementTimeouts {
  readonly usualMs: number;
  /** To make a virtual host: it answers, and lets its maker in, once that runs on each node of a cluster. */
  readonly virtualHostMs: number;
  /** How old its counts of a queue's messages may be: each quorum queue tells its own every 5 s (quorum_tick_interval). */
  readonly countsMs: number;
}

const patience: ManagementTimeouts = { usualMs: 10_000, virtualHostMs: 60_000, countsMs: 12_000 };

const loopback = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** RabbitMQ's management interface, seen from one virtual host. Source: rabbitmq.com/docs/http-api-reference. */
export interface Management {
  readonly vhost: string;
  readonly user: string;
  /**
   * The answer's JSON; `{}` where there is none, undefined where what is read or deleted is not there.
   *
   * @param path below /api/, its parts encoded
   * @throws Fault broker/unavailable; broker/refused with what the broker said
   */
  call(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown, timeoutMs?: number): Promise<unknown>;
  readonly timeouts: ManagementTimeouts;
  /** Whether nobody reads on the way what is said: over TLS, or on this machine. */
  readonly isPrivate: boolean;
  /** Path of something in the virtual host. */
  inVhost(kind: string, ...names: readonly string[]): string;
}

/**
 * @param url amqp[s]://user:password@host[:port]/virtual-host, of a user with a tag that the interface lets in
 * @param apiUrl where the interface is, without credentials
 * @throws Fault config/invalid when `url` is no address
 */
export function createHttpManagement(url: string, apiUrl: string, given: Partial<ManagementTimeouts> = {}): Management {
  const timeouts = { ...patience, ...given };
  const { vhost, user } = parseBrokerAddress(url);
  const credentials = `${user}:${decodeURIComponent(new URL(url).password)}`;
  const headers = {
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    'content-type': 'application/json',
    ...ownConnection,
  };
  if (!URL.canParse(apiUrl) || !/^https?:$/.test(new URL(apiUrl).protocol)) {
    const expected = 'expected where the management interface is, such as http://127.0.0.1:15672';
    throw new Fault('config/invalid', `RABBITMQ_API_URL is "${apiUrl}", ${expected}`);
  }
  const api = new URL('api/', apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`);
  return {
    vhost,
    user,
    timeouts,
    isPrivate: api.protocol === 'https:' || loopback.test(api.hostname),
    inVhost: (kind, ...names) => [kind, vhost, ...names].map(encodeURIComponent).join('/'),

    async call(method, path, body, timeoutMs = timeouts.usualMs) {
      const doing = `${method} ${api.host}/api/${path}`;
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const response = await fetch(new URL(path, api), { method, headers, signal, ...content });
        if (response.status === 200) return await response.json();
        if (response.ok) return {};
        if (response.status === 404 && (method === 'GET' || method === 'DELETE')) return undefined;
        const code = response.status < 500 ? 'broker/refused' : 'broker/unavailable';
        throw new Fault(code, `${doing}: status ${response.status}: ${(await response.text()).slice(0, 300)}`);
      } catch (error) {
        if (error instanceof Fault) throw error;
        const reason = error instanceof Error ? String(error.cause ?? error.message) : String(error);
        const remedy = 'is RABBITMQ_API_URL right, and the management plugin on?';
        throw new Fault('broker/unavailable', `${doing}: ${reason}: ${remedy}`, error);
      }
    },
  };
}
