import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As much of the framework's service as is touched here. */
interface Serverless {
  readonly serviceDir: string;
  readonly service: {
    readonly custom?: { readonly templatesOnly?: unknown; readonly esbuild?: { outputWorkFolder?: string } };
    getAllFunctions(): readonly string[];
    getFunction(key: string): object;
  };
}

/** The smallest zip there is: an end-of-central-directory record and nothing before it. */
const emptyZip = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');

/**
 * Serverless plugin that, with `--param templatesOnly=true`, leaves the bundles out of `serverless package`: what is
 * written is the template that would be deployed, in two seconds instead of twenty. Without the parameter it does nothing.
 */
export default class TemplatesOnlyPlugin {
  readonly hooks: Readonly<Record<string, () => void>>;

  constructor({ service, serviceDir }: Serverless) {
    const isOn = (): boolean => String(service.custom?.templatesOnly) === 'true';
    const work = '.local/templatesOnly';
    this.hooks = {
      initialize: () => {
        // Away from where others may be bundling at the same time.
        if (isOn() && service.custom?.esbuild) service.custom.esbuild.outputWorkFolder = work;
      },
      'before:package:createDeploymentArtifacts': () => {
        if (!isOn()) return;
        // Where the bundler's plugin looks, at the end, for what it has not made.
        const folder = join(serviceDir, work, '.serverless');
        const artifact = join(folder, 'none.zip');
        mkdirSync(folder, { recursive: true });
        writeFileSync(artifact, emptyZip);
        for (const key of service.getAllFunctions()) {
          Object.assign(service.getFunction(key), { skipEsbuild: true, package: { artifact } });
        }
      },
    };
  }
}
