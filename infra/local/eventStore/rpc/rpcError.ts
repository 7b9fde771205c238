import { Metadata, status } from '@grpc/grpc-js';
import { MalformedMessage } from '../wire/protoReader.ts';
import { InvalidRequest } from '../wire/shared.ts';

/** A call that ends with a gRPC status. Clients look at the trailer `exception` first, then at the code. */
export class RpcError extends Error {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;

  constructor(code: number, details: string, trailers: Readonly<Record<string, string>> = {}) {
    super(details);
    this.code = code;
    this.details = toDetails(details);
    this.metadata = new Metadata();
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, toTrailer(value));
  }
}

/**
 * What an error quotes travels in HTTP/2 headers. Clients take 64 kilobytes of those, and close the connection
 * otherwise; names, which have to come back whole, are limited where they are made.
 */
const LONGEST_DETAILS = 1000;
const LONGEST_TRAILER = 16 * 1024;

/** Text that gRPC can encode: nothing that is no character, and not too much of it. */
function toDetails(text: string): string {
  return (text.length <= LONGEST_DETAILS ? text : `${text.slice(0, LONGEST_DETAILS)}...`).toWellFormed();
}

/** Trailer values are ASCII; other characters are percent-encoded. */
function toTrailer(value: string): string {
  return value
    .replace(/[^\x20-\x7e]+/gu, (characters) =>
      Array.from(Buffer.from(characters), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    )
    .slice(0, LONGEST_TRAILER);
}

export const invalidArgument = (details: string): RpcError => new RpcError(status.INVALID_ARGUMENT, details);

export const streamDeleted = (name: string): RpcError =>
  new RpcError(status.FAILED_PRECONDITION, `Event stream '${name}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': name,
  });

/** For Delete and Tombstone, whose text is the same; Append says so in its answer instead. */
export const wrongExpectedVersion = (name: string, expected: bigint, actual: number): RpcError =>
  new RpcError(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${name}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': name,
      'expected-version': String(expected),
      'actual-version': String(actual),
    },
  );

export const maximumAppendSizeExceeded = (maxBytes: number): RpcError =>
  new RpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxBytes} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxBytes),
  });

export const missingMetadata = (details: string): RpcError =>
  new RpcError(status.INVALID_ARGUMENT, details, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

export const accessDenied = (): RpcError =>
  new RpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

/** Nobody is told: the caller has gone. */
export const cancelled = (): RpcError => new RpcError(status.CANCELLED, 'The call was cancelled');

export const stopping = (): RpcError => new RpcError(status.CANCELLED, 'Server is shutting down');

/** Whatever a handler threw, as the status its caller gets. A defect of ours tells the caller nothing. */
export function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof InvalidRequest || error instanceof MalformedMessage) return invalidArgument(error.message);
  console.error('event store: a handler failed', error);
  return new RpcError(status.UNKNOWN, 'Exception was thrown by handler.');
}
