import type {
  Metadata,
  MethodDefinition,
  Server,
  ServerDuplexStream,
  ServerReadableStream,
  UntypedHandleCall,
} from '@grpc/grpc-js';
import { type Outgoing, toBytes } from '../wire/outgoing.ts';
import { Output } from './output.ts';
import { toRpcError } from './rpcError.ts';

type Maybe<T> = T | Promise<T>;

/** One RPC: how its messages flow, and what answers it. Requests and answers are encoded messages. */
export type Rpc =
  | { readonly kind: 'unary'; answer(request: Buffer, headers: Metadata): Maybe<Buffer> }
  | { readonly kind: 'answers'; answer(request: Buffer, output: Output, headers: Metadata): Maybe<void> }
  | { readonly kind: 'requests'; answer(requests: ServerReadableStream<Buffer, Buffer>): Promise<Buffer> }
  | { readonly kind: 'both'; answer(requests: ServerDuplexStream<Buffer, Outgoing>, output: Output): void };

/** A gRPC service: its RPCs by the names of the `.proto` file, and what it tells clients about them. */
export interface Service {
  readonly name: string;
  readonly rpcs: Readonly<Record<string, Rpc>>;
  /** Extra abilities by RPC name, for ServerFeatures. */
  readonly features?: Readonly<Record<string, readonly string[]>>;
}

const asItIs = (bytes: Buffer): Buffer => bytes;

/** The calls under way that answer with a stream, so that a stopping server can end them. */
export type OpenCalls = Set<Output>;

export function addService(server: Server, service: Service, openCalls: OpenCalls): void {
  const definitions: Record<string, MethodDefinition<Buffer, Outgoing>> = {};
  const handlers: Record<string, UntypedHandleCall> = {};
  for (const [name, rpc] of Object.entries(service.rpcs)) {
    definitions[name] = {
      path: `/${service.name}/${name}`,
      requestStream: rpc.kind === 'requests' || rpc.kind === 'both',
      responseStream: rpc.kind === 'answers' || rpc.kind === 'both',
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: toBytes,
      responseDeserialize: asItIs,
    };
    handlers[name] = toHandler(rpc, openCalls);
  }
  server.addService(definitions, handlers);
}

function toHandler(rpc: Rpc, openCalls: OpenCalls): UntypedHandleCall {
  const track = (output: Output): Output => {
    openCalls.add(output);
    output.onClose(() => openCalls.delete(output));
    return output;
  };
  switch (rpc.kind) {
    case 'unary':
      return ((call: { request: Buffer; metadata: Metadata }, done: Done) => {
        settle(async () => rpc.answer(call.request, call.metadata), done);
      }) as UntypedHandleCall;
    case 'requests':
      return ((call: ServerReadableStream<Buffer, Buffer>, done: Done) => {
        settle(() => rpc.answer(call), done);
      }) as UntypedHandleCall;
    case 'answers':
      return ((call: ConstructorParameters<typeof Output>[0] & { request: Buffer }) => {
        const output = track(new Output(call));
        const run = async (): Promise<void> => rpc.answer(call.request, output, call.metadata);
        run().then(
          () => output.end(),
          (error: unknown) => output.fail(error),
        );
      }) as UntypedHandleCall;
    case 'both':
      return ((call: ServerDuplexStream<Buffer, Outgoing>) => {
        const output = track(new Output(call));
        try {
          rpc.answer(call, output);
        } catch (error) {
          output.fail(error);
        }
      }) as UntypedHandleCall;
  }
}

type Done = (error: Error | null, answer?: Buffer) => void;

function settle(run: () => Promise<Buffer>, done: Done): void {
  run().then(
    (answer) => done(null, answer),
    (error: unknown) => done(toRpcError(error)),
  );
}
