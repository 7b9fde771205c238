export const usage = `An AMQP 0-9-1 broker that clients take for RabbitMQ, in memory only.

  npm run broker -- [--port 5672] [--host 127.0.0.1] [--vhost name]...

  --port    where to listen; 0 takes any free port (5672)
  --host    the address to listen on (127.0.0.1)
  --vhost   a virtual host besides /, as often as you like
  --help    this text`;

const flags = ['--port', '--host', '--vhost', '--help'] as const;

export type CommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'start'; readonly host: string; readonly port: number; readonly vhosts: readonly string[] };

/** What the arguments ask for. Throws, in one line, at an unknown flag (naming the nearest) or a value that can't be. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  let host = '127.0.0.1';
  let port = 5672;
  const vhosts = ['/'];
  const rest = args.flatMap((arg) => (arg.startsWith('--') ? splitFlag(arg) : [arg]));
  for (let flag = rest.shift(); flag !== undefined; flag = rest.shift()) {
    if (flag === '--help') return { kind: 'help' };
    if (!isFlag(flag)) throw new Error(`unknown argument ${flag}; did you mean ${nearest(flag)}?`);
    const value = rest.shift();
    if (value === undefined) throw new Error(`${flag} needs a value`);
    if (flag === '--host') host = value;
    else if (flag === '--vhost') vhosts.push(value);
    else port = parsePort(value);
  }
  return { kind: 'start', host, port, vhosts };
}

function splitFlag(arg: string): string[] {
  const at = arg.indexOf('=');
  return at < 0 ? [arg] : [arg.slice(0, at), arg.slice(at + 1)];
}

function isFlag(flag: string): flag is (typeof flags)[number] {
  return (flags as readonly string[]).includes(flag);
}

function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new Error(`--port is a number from 0 to 65535, not ${value}`);
}

function nearest(flag: string): string {
  const [best] = [...flags].sort((left, right) => distance(flag, left) - distance(flag, right));
  return best ?? '--help';
}

/** Levenshtein's: the fewest letters to add, drop or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
