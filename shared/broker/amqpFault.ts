import { Fault } from '../kernel/fault.ts';
import type { OutgoingMessage } from './publisher.ts';

/** Where a message was sent. */
type Target = Pick<OutgoingMessage, 'exchange' | 'routingKey'>;

/** The parts of the broker's address that may be shown. */
export interface BrokerAddress {
  /** Host and port. */
  readonly where: string;
  readonly user: string;
  readonly vhost: string;
}

/** @throws Fault config/invalid when it is no address of a broker */
export function parseBrokerAddress(url: string): BrokerAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^amqps?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new Fault(
      'config/invalid',
      'RABBITMQ_URL is no address of a broker: amqp[s]://user:password@host[:port][/vhost]',
    );
  }
  const { protocol, hostname, port, username, pathname } = parsed;
  return {
    where: `${hostname}:${port || (protocol === 'amqps:' ? 5671 : 5672)}`,
    user: decodeURIComponent(username) || 'guest',
    vhost: decodeURIComponent(pathname.slice(1)) || '/',
  };
}

interface ErrorLike {
  readonly message: string;
  readonly code?: unknown;
}

const toErrorLike = (error: unknown): ErrorLike =>
  typeof error === 'object' && error !== null && 'message' in error ? (error as ErrorLike) : { message: String(error) };

/** What the broker or the way to it says, as a fault that tells what is wrong, where, and what to do. */
export function toBrokerFault(error: unknown, { where, user, vhost }: BrokerAddress): Fault {
  if (error instanceof Fault) return error;
  const { message, code } = toErrorLike(error);
  const says = /with message "([^"]*)"/.exec(message)?.[1] ?? message;
  // During the handshake amqplib tells the broker's refusal in words alone, and a refused virtual host only as a surprise.
  if (/^Handshake terminated .*403/.test(message)) {
    return new Fault(
      'broker/refused',
      `${where} refuses user '${user}': correct name and password in RABBITMQ_URL`,
      error,
    );
  }
  if (/Expected ConnectionOpenOk/.test(message)) {
    const remedy = 'create it, give the user permissions in it, or correct the path of RABBITMQ_URL';
    return new Fault('broker/refused', `${where} has no virtual host '${vhost}' for user '${user}': ${remedy}`, error);
  }
  switch (code) {
    case 404:
      return new Fault('broker/unroutable', `${where}: ${says}: apply the topology to it`, error);
    case 403:
      return new Fault('broker/forbidden', `${where}: ${says}: give user '${user}' the permission`, error);
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ERR_SSL_WRONG_VERSION_NUMBER': {
      const remedy = 'is the broker running there, and RABBITMQ_URL its address (amqps: for TLS alone)?';
      return new Fault('broker/unavailable', `${where}: ${message.trim()}: ${remedy}`, error);
    }
  }
  return new Fault('broker/unavailable', `${where}: ${says}`, error);
}

/** What the end of a channel means for one of the messages that were under way on it. */
export const toMessageFault = (fault: Fault, { exchange }: Target): Fault =>
  fault.code === 'broker/unroutable' && !fault.message.includes(`'${exchange}'`)
    ? new Fault('broker/unavailable', `the channel ended for another message: ${fault.message}`, fault.cause)
    : fault;

export const toReturnedFault = ({ exchange, routingKey }: Target): Fault =>
  new Fault('broker/unroutable', `no queue takes '${routingKey}' from exchange '${exchange}': apply the topology`);
