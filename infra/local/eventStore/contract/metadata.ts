import { BACKWARDS, binaryEvent, END, jsonEvent } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { collect, freshName, numbered, revisionsOf, type Subject } from '../testing/subject.ts';

export function metadataContract(subject: () => Subject): void {
  describe('stream metadata', () => {
    const written = async (count: number): Promise<string> => {
      const name = freshName();
      await subject().client.appendToStream(name, numbered(count));
      return name;
    };
    const read = async (name: string): Promise<(bigint | undefined)[]> =>
      revisionsOf(await collect(subject().client.readStream(name)));
    const readBack = async (name: string): Promise<(bigint | undefined)[]> =>
      revisionsOf(await collect(subject().client.readStream(name, { direction: BACKWARDS, fromRevision: END })));

    test('is none before it is set, then what was set, with unknown keys kept', async () => {
      const { client } = subject();
      const name = freshName();
      expect(await client.getStreamMetadata(name)).toEqual({ streamName: name });
      await client.setStreamMetadata(name, { maxCount: 5, acl: { readRoles: ['ops'] }, mine: { deep: [1] } });
      expect(await client.getStreamMetadata(name)).toMatchObject({
        metadata: { maxCount: 5, acl: { readRoles: ['ops'] }, mine: { deep: [1] } },
      });
    });

    test('max count shows the newest events only', async () => {
      const name = await written(5);
      await subject().client.setStreamMetadata(name, { maxCount: 2 });
      expect(await read(name)).toEqual([3n, 4n]);
      expect(await readBack(name)).toEqual([4n, 3n]);
    });

    test('truncate before hides the events before it, all of them too', async () => {
      const name = await written(3);
      await subject().client.setStreamMetadata(name, { truncateBefore: 2 });
      expect(await read(name)).toEqual([2n]);
      await subject().client.setStreamMetadata(name, { truncateBefore: 3 });
      expect(await read(name)).toEqual([]);
      expect(await readBack(name)).toEqual([]);
      const next = await subject().client.appendToStream(name, numbered(1), { expectedRevision: 2n });
      expect(next.nextExpectedRevision).toBe(3n);
      expect(await read(name)).toEqual([3n]);
    });

    test('max age keeps what is young', async () => {
      const name = await written(2);
      await subject().client.setStreamMetadata(name, { maxAge: 3600 });
      expect(await read(name)).toEqual([0n, 1n]);
    });

    test('values that are not positive count as absent, values of a wrong type void the whole', async () => {
      const name = await written(3);
      const { client } = subject();
      const set = (data: string) =>
        client.appendToStream(`$$${name}`, jsonEvent({ type: '$metadata', data: JSON.parse(data) }) as never);
      await set('{"$maxCount":0,"$tb":1}');
      expect(await read(name)).toEqual([1n, 2n]);
      await set('{"$maxCount":1.5,"$tb":1}');
      expect(await read(name)).toEqual([0n, 1n, 2n]);
      await set('{"$maxCount":1,"$acl":{"$r":5}}');
      expect(await read(name)).toEqual([0n, 1n, 2n]);
      await set('{"$tb":1}');
      await client.appendToStream(`$$${name}`, binaryEvent({ type: '$metadata', data: Buffer.from('{"$tb":2}') }));
      expect(await read(name)).toEqual([0n, 1n, 2n]);
    });

    test('the metadata stream shows its newest event only', async () => {
      const { client } = subject();
      const name = freshName();
      await client.setStreamMetadata(name, { maxCount: 1 });
      await client.setStreamMetadata(name, { maxCount: 2 }, { expectedRevision: 0n });
      expect(await read(`$$${name}`)).toEqual([1n]);
    });

    test('alone makes no stream, yet one that exists', async () => {
      const { client } = subject();
      const name = freshName();
      await client.setStreamMetadata(name, { maxCount: 1 });
      await expect(collect(client.readStream(name))).rejects.toMatchObject({ type: 'stream-not-found' });
      const answer = await client.appendToStream(name, numbered(1), { expectedRevision: 'stream_exists' });
      expect(answer.nextExpectedRevision).toBe(0n);
    });
  });

  describe('links', () => {
    const link = (data: string) => binaryEvent({ type: '$>', data: Buffer.from(data) });

    test('are resolved one level deep when asked for, and kept as they are otherwise', async () => {
      const { client } = subject();
      const [target, links, second] = [freshName(), freshName(), freshName()];
      await client.appendToStream(target, numbered(2));
      await client.appendToStream(links, link(`1@${target}`));
      await client.appendToStream(second, link(`0@${links}`));
      const [plain] = await collect(client.readStream(links));
      expect(plain).toMatchObject({ event: { type: '$>', streamId: links } });
      expect(plain?.link).toBeUndefined();
      const [resolved] = await collect(client.readStream(links, { resolveLinkTos: true }));
      expect(resolved).toMatchObject({
        event: { streamId: target, revision: 1n, data: { n: 1 } },
        link: { streamId: links, revision: 0n },
      });
      expect(resolved?.commitPosition).toBe(resolved?.link?.position?.commit);
      const [outer] = await collect(client.readStream(second, { resolveLinkTos: true }));
      expect(outer).toMatchObject({ event: { type: '$>', streamId: links }, link: { streamId: second } });
    });

    test('to what is not there come without the event, and data that is no link stays an event', async () => {
      const { client } = subject();
      const [target, links] = [freshName(), freshName()];
      await client.appendToStream(target, numbered(2));
      await client.setStreamMetadata(target, { truncateBefore: 1 });
      await client.appendToStream(links, [
        link(`0@${target}`),
        link(`9@${target}`),
        link(`0@${freshName()}`),
        link('nothing'),
        link(`x@${target}`),
      ]);
      const read = await collect(client.readStream(links, { resolveLinkTos: true }));
      expect(read.map(({ event, link: original }) => [event?.type, original?.type])).toEqual([
        [undefined, '$>'],
        [undefined, '$>'],
        [undefined, '$>'],
        [undefined, '$>'],
        ['$>', undefined],
      ]);
    });
  });
}
