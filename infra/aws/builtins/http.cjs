// Stands in for `node:http` in the deployed bundles (serverless.yml, esbuild's `alias`). An import of it as an ES module asks
// for every export, and one of them loads all of `fetch`: 12 ms at each start, for nobody.
module.exports = process.getBuiltinModule('node:http');
