/**
 * Serverless plugin that has `serverless deploy` deploy, always. The framework compares what it has packaged with what it uploaded
 * last, not with what runs: after a deployment that CloudFormation took back, the same one would be skipped, and end well.
 */
export default class AlwaysDeploysPlugin {
  readonly hooks: Readonly<Record<string, () => void>>;

  constructor(_serverless: unknown, options: { force?: boolean }) {
    this.hooks = {
      // Not before: while plugins are loaded the options are read anew.
      initialize: () => {
        options.force = true;
      },
    };
  }
}
