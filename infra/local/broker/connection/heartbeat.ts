/** What a heartbeat watches: a silent client is gone, and a silent broker must be heard of. */
export interface Pulse {
  /** Whether anything arrived since the last call. */
  tookHeard(): boolean;
  beat(): void;
  lost(): void;
}

/**
 * Beats every half interval, and gives the client up after two intervals without a byte (AMQP 0-9-1, section 4.2.7).
 * Returns what stops it. An interval of 0 means no heartbeats.
 */
export function startHeartbeat(seconds: number, pulse: Pulse): () => void {
  if (seconds === 0) return () => {};
  let silentHalves = 0;
  const timer = setInterval(() => {
    silentHalves = pulse.tookHeard() ? 0 : silentHalves + 1;
    if (silentHalves >= 4) pulse.lost();
    else pulse.beat();
  }, seconds * 500).unref();
  return () => clearInterval(timer);
}
