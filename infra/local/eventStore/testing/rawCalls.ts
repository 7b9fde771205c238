import { Client, credentials, type Metadata, type ServiceError } from '@grpc/grpc-js';

const asItIs = (bytes: Buffer): Buffer => bytes;

/** Calls RPCs with bytes, as no well-behaved client would. */
export interface RawCalls {
  /** Resolves with the answer; rejects with the status. */
  unary(path: string, request: Buffer, deadlineMs?: number): Promise<Buffer>;
  /** Resolves with all answers once the call has ended well, or with the first `count`; rejects with the status. */
  answers(path: string, request: Buffer, count?: number): Promise<Buffer[]>;
  /** Sends all requests, closes, and resolves with the answer. */
  requests(path: string, requests: readonly Buffer[]): Promise<Buffer>;
  /** Sends requests and resolves with the first `count` answers. */
  both(path: string, requests: readonly Buffer[], count: number): Promise<Buffer[]>;
  close(): void;
}

/** The status a call ended with. */
export interface Refusal {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Resolves with the status a call is refused with; rejects when it isn't. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('this should have been refused');
}

export function openRawCalls(url: string): RawCalls {
  const client = new Client(new URL(url).host, credentials.createInsecure());
  return {
    unary: (path, request, deadlineMs = 5000) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          path,
          asItIs,
          asItIs,
          request,
          { deadline: Date.now() + deadlineMs },
          (error, answer) => (error ? reject(error) : resolve(answer as Buffer)),
        );
      }),
    answers: (path, request, count = Number.POSITIVE_INFINITY) =>
      new Promise((resolve, reject) => {
        const answers: Buffer[] = [];
        const call = client.makeServerStreamRequest(path, asItIs, asItIs, request);
        call.on('data', (answer: Buffer) => {
          if (answers.push(answer) < count) return;
          resolve(answers);
          call.cancel();
        });
        call.on('error', reject);
        call.on('end', () => resolve(answers));
      }),
    requests: (path, requests) =>
      new Promise((resolve, reject) => {
        const call = client.makeClientStreamRequest(path, asItIs, asItIs, (error, answer) =>
          error ? reject(error) : resolve(answer as Buffer),
        );
        for (const request of requests) call.write(request);
        call.end();
      }),
    both: (path, requests, count) =>
      new Promise((resolve, reject) => {
        const answers: Buffer[] = [];
        const call = client.makeBidiStreamRequest(path, asItIs, asItIs);
        call.on('error', (error: ServiceError) => (answers.length < count ? reject(error) : undefined));
        call.on('data', (answer: Buffer) => {
          answers.push(answer);
          if (answers.length < count) return;
          call.cancel();
          resolve(answers);
        });
        for (const request of requests) call.write(request);
      }),
    close: () => client.close(),
  };
}
