// What the bundler is taught for deployed functions (serverless.yml, esbuild's `plugins`). Each plugin leaves out what would
// be loaded at every cold start and used by nobody; docs/bench.md has what they save. CommonJS: the bundler's plugin for the
// Serverless Framework loads this with require().
const { isBuiltin } = require('node:module');
const { dirname } = require('node:path');

/**
 * Node's own modules by process.getBuiltinModule, name by name. An import of one as an ES module asks for every export of it,
 * and behind some of them is more: streams behind node:fs, all of `fetch` behind node:http.
 */
const nodeModules = {
  name: 'node-modules-by-name',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z_\d/]+$/ }, ({ path, kind }) => {
      if (kind !== 'import-statement' || !isBuiltin(path)) return undefined;
      return { path: path.replace(/^node:/, ''), namespace: 'node', sideEffects: false };
    });
    onLoad({ filter: /./, namespace: 'node' }, ({ path }) => {
      const module = `node:${path}`;
      const names = Object.keys(require(module)).filter((name) => name !== 'default' && /^[a-z_$][\w$]*$/i.test(name));
      return {
        contents: [
          `const it = process.getBuiltinModule('${module}');`,
          'const get = (name) => it[name];',
          'export default it;',
          ...names.flatMap((name) => [
            `const _${name} = /* @__PURE__ */ get('${name}');`,
            `export { _${name} as ${name} };`,
          ]),
        ].join('\n'),
      };
    });
  },
};

/**
 * The event store's client without persistent subscriptions and projections, which nobody here asks for: a quarter of a bundle.
 * They stand apart in it and add their methods to the client when they are loaded.
 */
const storeClient = {
  name: 'store-client-of-streams',
  setup({ onLoad }) {
    const unused =
      /@eventstore\/db-client\/dist\/(persistentSubscription\/(index|utils\/persistentSubscriptionSettings)|projections\/index)\.js$/;
    onLoad({ filter: unused }, () => ({ contents: '' }));
  },
};

/**
 * AWS's clients without event streams, which DynamoDB, Secrets Manager, KMS and SES have none of. The clients load them late, by
 * import(), and for that the bundler would wrap each module of theirs to be run on demand: 13 KB more, and 3 ms of each start.
 * Bodies here are texts, so their length is told without the class of files' streams, which Node.js makes on being asked (2 ms).
 */
const awsClients = {
  name: 'aws-clients-of-plain-requests',
  setup({ onLoad }) {
    onLoad({ filter: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/ }, () => ({
      contents: 'export {};',
    }));
    onLoad({ filter: /@smithy\/core\/dist-es\/.*\/calculateBodyLength\.js$/ }, ({ path }) => ({
      contents: "export * from './calculateBodyLength.browser.js';",
      resolveDir: dirname(path),
    }));
  },
};

module.exports = [nodeModules, storeClient, awsClients];
