/** The part of a Readable that is used; the client's own types of it differ in what is not. */
interface ObjectStream {
  on(event: 'readable' | 'end' | 'close' | 'error', listener: (error: Error) => void): unknown;
  read(): unknown;
  destroy(): unknown;
}

/**
 * What a stream of objects holds, in batches of at most `size`: one wait for many, where iterating costs one for each.
 * Ends with the stream; throws its error after everything that came before it. Leaving early destroys the stream.
 */
export async function* readBatches<Item>(stream: ObjectStream, size: number): AsyncGenerator<readonly Item[]> {
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let news = Promise.withResolvers<void>();
  const wake = (): void => {
    news.resolve();
    news = Promise.withResolvers();
  };
  const over = (): void => {
    isOver = true;
    wake();
  };
  stream.on('readable', wake);
  stream.on('end', over);
  stream.on('close', over);
  stream.on('error', (error) => {
    failure = { error };
    over();
  });
  try {
    for (;;) {
      const awaited = news.promise;
      const batch: Item[] = [];
      for (let item = stream.read(); item !== null; item = stream.read()) {
        batch.push(item as Item);
        if (batch.length === size) break;
      }
      if (batch.length > 0) yield batch;
      else if (failure) throw failure.error;
      else if (isOver) return;
      else await awaited;
    }
  } finally {
    stream.destroy();
  }
}
