// Imports one file and says what that took: CPU time, which a busy machine changes less than the time by the clock.
const [path] = process.argv.slice(2);
const startedMs = performance.now();
const started = process.cpuUsage();
await import(path);
const { user, system } = process.cpuUsage(started);
console.log(JSON.stringify({ cpuMs: (user + system) / 1_000, wallMs: performance.now() - startedMs }));
process.exit(0);
