/** @type {import('jest').Config} */
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tests/setup/stripTypes.js' },
  modulePathIgnorePatterns: ['<rootDir>/.serverless', '<rootDir>/.esbuild', '<rootDir>/bench/peers'],
};

/** Three tiers by suffix: pure and in memory; over a real socket; the whole way. `npm test -- --selectProjects unit` runs one. */
export default {
  // A limit for what hangs, not a measure of speed: machines that test are often busy.
  testTimeout: 30_000,
  // Every test file leaves some of its modules behind in the process it ran in: after fifty of them a collection of garbage
  // takes 0.7 s, and what makes garbage 15 times as long. Beyond this size a worker is replaced between two files.
  workerIdleMemoryLimit: '500MB',
  reporters: ['default', '<rootDir>/tests/setup/countReporter.js'],
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.int\\.test\\.ts$', '\\.journey\\.test\\.ts$'],
    },
    { ...common, displayName: 'socket', testMatch: ['**/*.int.test.ts'] },
    { ...common, displayName: 'journey', testMatch: ['**/*.journey.test.ts'] },
  ],
};
