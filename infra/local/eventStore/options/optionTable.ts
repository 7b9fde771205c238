/** One option of the command line. Its environment variable is the name in capitals: `http-port`, `EVENTSTORE_HTTP_PORT`. */
export interface Option {
  readonly kind: 'switch' | 'number' | 'text' | readonly string[];
  readonly help: string;
}

/** Options that do what they do on the real server, under the same names. */
export const OPTIONS = {
  'http-port': { kind: 'number', help: 'The port for gRPC and HTTP. 2113 unless given, 0 for any free one.' },
  'node-ip': { kind: 'text', help: 'The address to listen on. 127.0.0.1 unless given.' },
  'advertise-host-to-client-as': { kind: 'text', help: 'The host that gossip gives to clients.' },
  'advertise-http-port-to-client-as': { kind: 'number', help: 'The port that gossip gives to clients.' },
  insecure: { kind: 'switch', help: 'No TLS, no users, no access lists. On unless --insecure=false.' },
  'certificate-file': { kind: 'text', help: 'The server certificate (PEM), for TLS.' },
  'certificate-private-key-file': { kind: 'text', help: 'Its private key (PEM).' },
  'mem-db': { kind: 'switch', help: 'Keep everything in memory, also when --db is given.' },
  db: { kind: 'text', help: 'The directory to keep the log in. In memory unless given.' },
  'max-append-size': { kind: 'number', help: 'The largest sum of data bytes of one append. 1048576 unless given.' },
  'run-projections': { kind: ['None', 'System', 'All'], help: 'Which projections there are. All unless given.' },
  'start-standard-projections': { kind: 'switch', help: 'Start the system projections with the server.' },
  'projection-lag-ms': {
    kind: 'number',
    help: "How far projections stay behind. 200 unless given; this server's own.",
  },
  dev: { kind: 'switch', help: 'Short for --mem-db --run-projections All --start-standard-projections.' },
  help: { kind: 'switch', help: 'Print this and exit.' },
} as const satisfies Readonly<Record<string, Option>>;

export type OptionName = keyof typeof OPTIONS;

/** Other names for the same, older or newer than the version this server imitates. */
export const ALIASES: Readonly<Record<string, OptionName>> = {
  'node-port': 'http-port',
  'ext-ip': 'node-ip',
  'advertise-node-port-to-client-as': 'advertise-http-port-to-client-as',
};

/** Options of the real server that are taken and change nothing here, so that its settings can be taken over whole. */
export const WITHOUT_EFFECT: readonly string[] = [
  'advertise-tcp-port-to-client-as',
  'allow-anonymous-endpoint-access',
  'allow-anonymous-stream-access',
  'allow-unknown-options',
  'cluster-size',
  'config',
  'disable-admin-ui',
  'disable-external-tcp-tls',
  'disable-http-caching',
  'disable-internal-tcp-tls',
  'disable-log-file',
  'discover-via-dns',
  'enable-atom-pub-over-http',
  'enable-external-tcp',
  'enable-trusted-auth',
  'ext-host-advertise-as',
  'ext-tcp-port',
  'gossip-seed',
  'http-port-advertise-as',
  'index',
  'int-host-advertise-as',
  'int-ip',
  'int-tcp-port',
  'keep-alive-interval',
  'keep-alive-timeout',
  'log',
  'log-console-format',
  'log-level',
  'node-priority',
  'read-only-replica',
  'replication-ip',
  'replication-port',
  'skip-db-verify',
  'skip-index-verify',
  'stats-period-sec',
  'telemetry-optout',
  'trusted-root-certificates-path',
  'unsafe-allow-surplus-nodes',
  'worker-threads',
];
