import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { EventLog } from '../../log/eventLog.ts';
import type { Projection } from '../../projections/projection.ts';
import type { Projections } from '../../projections/projections.ts';
import { messageOf } from '../../projections/sandbox.ts';
import type { MessageValue } from '../../wire/message.ts';
import {
  CreateReq,
  DeleteReq,
  NamedReq,
  StateReq,
  StateResp,
  StatisticsReq,
  StatisticsResp,
  toProtoValue,
  UpdateReq,
} from '../../wire/projections.ts';
import { InvalidRequest } from '../../wire/shared.ts';
import { checkLength } from '../checkLength.ts';
import { type Context, managed } from '../context.ts';
import { RpcError } from '../rpcError.ts';
import type { Rpc, Service } from '../service.ts';

const NOTHING = Buffer.alloc(0);

/** The real server's answer to every command that can't be carried out, whose reason is one word. */
const refused = (received: 'NotFound' | 'Conflict' | 'OperationFailed'): RpcError =>
  new RpcError(status.UNKNOWN, `Envelope callback expected Updated, received ${received} instead`);

/** `allowsCustom`: whether there may be others than the system's. */
export function createProjectionsService(context: Context, projections: Projections, allowsCustom: boolean): Service {
  const { log, committer } = context;
  const done = (): Promise<Buffer> => new Promise((resolve) => committer.commit(() => resolve(NOTHING)));
  const find = (options: { readonly name?: string | undefined } | undefined): Projection => {
    const projection = projections.find(options?.name ?? '');
    if (!projection) throw refused('NotFound');
    return projection;
  };
  const unary = (answer: (request: Buffer) => Buffer | Promise<Buffer>): Rpc => managed(context, answer);
  const rpcs: Record<string, Rpc> = {
    Create: unary((request) => {
      create(projections, CreateReq.decode(request).options, allowsCustom);
      return done();
    }),
    Update: unary((request) => {
      const { options } = UpdateReq.decode(request);
      const projection = find(options);
      if (projection.isSystem) throw refused('OperationFailed');
      const emits = options?.emitEnabled ?? projection.definition.emits;
      projections.update(projection, { query: options?.query ?? '', emits });
      return done();
    }),
    Delete: unary((request) => {
      const { options } = DeleteReq.decode(request);
      const projection = find(options);
      if (projection.status === 'Running' || projection.isSystem) throw refused('OperationFailed');
      projections.remove(projection, {
        state: options?.deleteStateStream ?? false,
        checkpoint: options?.deleteCheckpointStream ?? false,
        emitted: options?.deleteEmittedStreams ?? false,
      });
      return done();
    }),
    Enable: unary((request) => {
      projections.enable(find(NamedReq.decode(request).options));
      return done();
    }),
    Disable: unary((request) => {
      const { options } = NamedReq.decode(request);
      projections.disable(find(options), options?.writeCheckpoint ?? false);
      return done();
    }),
    Reset: unary((request) => {
      projections.reset(find(NamedReq.decode(request).options));
      return done();
    }),
    Statistics: {
      kind: 'answers',
      answer(request, output) {
        const { options = {} } = StatisticsReq.decode(request);
        const found = options.name === undefined ? projections.list().filter(isWanted(options)) : [find(options)];
        for (const projection of found) output.send(StatisticsResp.encode({ details: toDetails(log, projection) }));
      },
    },
    State: unary((request) => {
      const { options } = StateReq.decode(request);
      return toStateAnswer(() => find(options).state(options?.partition ?? ''));
    }),
    Result: unary((request) => {
      const { options } = StateReq.decode(request);
      return toStateAnswer(() => find(options).result(options?.partition ?? ''));
    }),
    RestartSubsystem: unary(() => {
      projections.restart();
      return NOTHING;
    }),
  };
  return {
    name: 'event_store.client.projections.Projections',
    rpcs,
    features: { Create: ['track_emitted_streams'] },
  };
}

function create(
  projections: Projections,
  options: MessageValue<typeof CreateReq>['options'],
  allowsCustom: boolean,
): void {
  const { continuous, transient, oneTime, query } = options ?? {};
  if (!allowsCustom) throw refused('OperationFailed');
  if (!continuous && !transient && !oneTime) throw new InvalidRequest('The mode of the projection is missing.');
  if (!query) throw new InvalidRequest('The query of the projection is missing.');
  const name = continuous?.name ?? transient?.name ?? randomUUID();
  if (name === '' || name === '$all') throw new InvalidRequest(`'${name}' is not a valid projection name.`);
  checkLength("A projection's name", name);
  if (projections.find(name)) throw refused('Conflict');
  projections.create({
    name,
    query,
    mode: continuous ? 'Continuous' : transient ? 'Transient' : 'OneTime',
    isEnabled: true,
    emits: continuous?.emitEnabled ?? false,
    tracksEmitted: continuous?.trackEmittedStreams ?? false,
  });
}

type Wanted = NonNullable<MessageValue<typeof StatisticsReq>['options']>;

function isWanted({ all, continuous, transient, oneTime }: Wanted): (projection: Projection) => boolean {
  return ({ definition: { mode } }) =>
    all !== undefined ||
    (continuous !== undefined && mode === 'Continuous') ||
    (transient !== undefined && mode === 'Transient') ||
    (oneTime !== undefined && mode === 'OneTime');
}

function toStateAnswer(read: () => unknown): Buffer {
  try {
    return StateResp.encode({ value: toProtoValue(read()) });
  } catch (error) {
    throw error instanceof RpcError ? error : new RpcError(status.UNKNOWN, messageOf(error));
  }
}

function toDetails(log: EventLog, projection: Projection): MessageValue<typeof StatisticsResp>['details'] {
  const { definition, status: state, reason, handledCount, next } = projection;
  const position = next === 0 ? 0 : log.records.position(next - 1);
  const positionText = `C:${position}/P:${position}`;
  return {
    coreProcessingTime: 0n,
    version: BigInt(definition.version),
    epoch: BigInt(definition.epoch),
    effectiveName: definition.name,
    status: state === 'Aborted' ? 'Aborted/Stopped' : state,
    stateReason: reason,
    name: definition.name,
    mode: definition.mode,
    position: positionText,
    progress: log.visible === 0 ? 100 : (100 * next) / log.visible,
    lastCheckpoint: positionText,
    eventsProcessedAfterRestart: BigInt(handledCount),
    bufferedEvents: 0n,
  };
}
