/**
 * What a custom projection finds around it. It runs inside the sandbox, before the query, and nothing of the outside
 * is in there with it: text goes in, text comes out.
 *
 * Its value is the box the outside puts its text into: an object of the sandbox whose one property is plain data, and
 * which no query ever gets to see, so that putting something there runs nothing.
 */
export const SANDBOX_SCRIPT = `'use strict';
(() => {
  const { parse, stringify } = JSON;
  const box = Object.seal({ __proto__: null, input: '' });
  const take = () => {
    const text = box.input;
    box.input = '';
    return text;
  };
  for (const name of ['SharedArrayBuffer', 'Atomics', 'WebAssembly']) delete globalThis[name];
  const source = { all: false, streams: [], categories: [], includesLinks: false };
  const states = new Map();
  let partitionOf = () => '';
  let handlers = {};
  let transforms = [];
  let outputsState = false;
  let resultStream = '';
  let emissions = [];
  let current;

  const aFunction = (value, of) => {
    if (typeof value !== 'function') throw new TypeError(of + ' needs a function');
    return value;
  };
  const aName = (value, of) => {
    if (typeof value !== 'string' || value === '') throw new TypeError(of + ' needs a name');
    return value;
  };
  const anObject = (value, of) => {
    if (typeof value !== 'object' || value === null) throw new TypeError(of + ' needs an object');
    return value;
  };
  const names = (given, of) => given.flat().map((name) => aName(name, of));

  const chain = {
    when(given) {
      for (const name of Object.keys(anObject(given, 'when'))) aFunction(given[name], name + ' in when');
      handlers = given;
      return chain;
    },
    foreachStream() { partitionOf = (event) => event.__origin; return chain; },
    partitionBy(by) { partitionOf = aFunction(by, 'partitionBy'); return chain; },
    transformBy(by) { transforms.push(aFunction(by, 'transformBy')); return chain; },
    filterBy(by) {
      aFunction(by, 'filterBy');
      transforms.push((state) => (by(state) ? state : null));
      return chain;
    },
    outputState() { outputsState = true; return chain; },
    outputTo(stream) { outputsState = true; resultStream = aName(stream, 'outputTo'); return chain; },
    $defines_state_transform() { return chain; },
  };
  globalThis.fromAll = () => { source.all = true; return chain; };
  globalThis.fromStream = (name) => { source.streams = [aName(name, 'fromStream')]; return chain; };
  globalThis.fromStreams = (...given) => { source.streams = names(given, 'fromStreams'); return chain; };
  globalThis.fromCategory = (name) => { source.categories = [aName(name, 'fromCategory')]; return chain; };
  globalThis.fromCategories = (...given) => { source.categories = names(given, 'fromCategories'); return chain; };
  globalThis.options = (given) => {
    if (anObject(given, 'options').$includeLinks) source.includesLinks = true;
    if (given.resultStreamName) resultStream = aName(given.resultStreamName, 'resultStreamName');
  };
  globalThis.log = () => undefined;
  const isName = (name) => typeof name === 'string' && name !== '' && name !== '$all';
  const write = (stream, type, isJson, data, extra) => {
    if (emissions.length >= 100_000) throw new Error('one event leads to more than 100,000 others');
    if (!isName(stream) || !isName(type)) throw new Error('what is written needs the name of a stream and a type');
    emissions.push({ stream, type, isJson, data: String(data), extra: typeof extra === 'object' && extra !== null ? extra : {} });
  };
  globalThis.emit = (stream, type, body, extra) => {
    write(stream, type, true, stringify(body) ?? 'null', extra);
  };
  globalThis.linkTo = (stream, event, extra) => {
    const data = event.sequenceNumber + '@' + event.streamId;
    write(stream, '$>', false, data, extra);
  };
  globalThis.copyTo = (stream, event) => {
    write(stream, event.eventType, Boolean(event.isJson), event.bodyRaw, {});
  };
  globalThis.linkStreamTo = (stream, linked) => {
    write(stream, '$@', false, linked, {});
  };

  const lazily = (event, names, text) => {
    let value;
    let isParsed = false;
    const get = () => {
      if (!isParsed) { value = text ? parse(text) : undefined; isParsed = true; }
      return value;
    };
    for (const name of names) Object.defineProperty(event, name, { get, enumerable: true });
  };
  const resultOf = (state) => transforms.reduce((result, by) => (result == null ? result : by(result)), state);
  const stateOf = (partition) => {
    if (!states.has(partition)) states.set(partition, handlers.$init ? handlers.$init() : {});
    return states.get(partition);
  };
  const handle = (event) => {
    if (event.isJson) lazily(event, ['data', 'body'], event.bodyRaw);
    lazily(event, ['metadata'], event.metadataRaw);
    const partition = String(partitionOf(event) ?? '');
    event.partition = partition;
    const handler = Object.hasOwn(handlers, event.eventType) ? handlers[event.eventType] : handlers.$any;
    if (!handler) return;
    const next = handler(stateOf(partition), event);
    if (next !== undefined) states.set(partition, next);
    if (!outputsState) return;
    const stream = resultStream || '$projections-' + event.__projection + (partition && '-' + partition) + '-result';
    write(stream, 'Result', true, stringify(resultOf(states.get(partition))) ?? 'null', {});
  };

  // A query can neither replace these nor see them called with anything but text.
  const give = (name, value) => Object.defineProperty(globalThis, name, { value, writable: false, configurable: false });
  const kept = (partition) => states.get(partition) ?? (handlers.$init ? stateOf(partition) : {});
  give('__define', () => stringify(source));
  give('__handle', () => {
    const results = [];
    let emitted = 0;
    for (const event of parse(take())) {
      if (emitted >= 10_000) break;
      emissions = [];
      try {
        handle(event);
      } catch (error) {
        return stringify({ results, error: String(error && error.message ? error.message : error) });
      }
      results.push(emissions);
      emitted += emissions.length;
    }
    return stringify({ results });
  });
  give('__state', () => stringify(kept(take())) ?? 'null');
  give('__result', () => stringify(resultOf(states.get(take()) ?? {}) ?? {}) ?? 'null');
  return box;
})();
`;
