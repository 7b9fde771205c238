import { readFileSync } from 'node:fs';
// Whole, since a name of it would be looked up at each start, and Node.js loads its maps only then.
import module, { type SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

const maps = new Map<string, SourceMap | undefined>();

/** The map beside a bundle; undefined where there is none. */
function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) {
    try {
      maps.set(url, new module.SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8'))));
    } catch {
      maps.set(url, undefined);
    }
  }
  return maps.get(url);
}

/**
 * A stack's trace with the places in our own source for those in a bundle. Read when there is an error to tell of: Node.js's
 * own way (--enable-source-maps) reads every map at each start, 15 ms before the first request of a cold one.
 */
export const mapStack = (stack: string): string =>
  stack.replaceAll(/(file:\/\/\/[^\s()]+\.mjs):(\d+):(\d+)/g, (place, url: string, line: string, column: string) => {
    const origin = mapOf(url)?.findOrigin(Number(line), Number(column));
    return origin && 'fileName' in origin ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}` : place;
  });
