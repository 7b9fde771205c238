/**
 * What a custom projection finds around it. It runs inside the sandbox, before the query, and nothing of the outside
 * is in there with it: text goes in, text comes out. `__input` is set before each run.
 */
export const SANDBOX_SCRIPT = `'use strict';
(() => {
  const { parse, stringify } = JSON;
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

  const chain = {
    when(given) { handlers = given; return chain; },
    foreachStream() { partitionOf = (event) => event.__origin; return chain; },
    partitionBy(by) { partitionOf = by; return chain; },
    transformBy(by) { transforms.push(by); return chain; },
    filterBy(by) { transforms.push((state) => (by(state) ? state : null)); return chain; },
    outputState() { outputsState = true; return chain; },
    outputTo(stream) { outputsState = true; resultStream = stream; return chain; },
    $defines_state_transform() { return chain; },
  };
  const flat = (names) => names.flat();
  globalThis.fromAll = () => { source.all = true; return chain; };
  globalThis.fromStream = (name) => { source.streams = [name]; return chain; };
  globalThis.fromStreams = (...names) => { source.streams = flat(names); return chain; };
  globalThis.fromCategory = (name) => { source.categories = [name]; return chain; };
  globalThis.fromCategories = (...names) => { source.categories = flat(names); return chain; };
  globalThis.options = (given) => {
    if (given.$includeLinks) source.includesLinks = true;
    if (given.resultStreamName) resultStream = given.resultStreamName;
  };
  globalThis.log = () => undefined;
  globalThis.emit = (stream, type, body, extra) => {
    if (typeof stream !== 'string' || typeof type !== 'string') throw new Error('emit needs a stream and a type');
    emissions.push({ stream, type, isJson: true, data: stringify(body), extra: extra ?? {} });
  };
  globalThis.linkTo = (stream, event, extra) => {
    const data = event.sequenceNumber + '@' + event.streamId;
    emissions.push({ stream, type: '$>', isJson: false, data, extra: extra ?? {} });
  };
  globalThis.copyTo = (stream, event) => {
    emissions.push({ stream, type: event.eventType, isJson: event.isJson, data: event.bodyRaw, extra: {} });
  };
  globalThis.linkStreamTo = (stream, linked) => {
    emissions.push({ stream, type: '$@', isJson: false, data: linked, extra: {} });
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
    emissions.push({ stream, type: 'Result', isJson: true, data: stringify(resultOf(states.get(partition))), extra: {} });
  };

  globalThis.__define = () => stringify(source);
  globalThis.__handle = () => {
    const results = [];
    for (const event of parse(globalThis.__input)) {
      emissions = [];
      try {
        handle(event);
      } catch (error) {
        return stringify({ results, error: String(error && error.message ? error.message : error) });
      }
      results.push(emissions);
    }
    return stringify({ results });
  };
  globalThis.__state = () => stringify(states.get(globalThis.__input) ?? (handlers.$init ? stateOf(globalThis.__input) : {}));
  globalThis.__result = () => stringify(resultOf(states.get(globalThis.__input) ?? {}) ?? {});
})();
`;
