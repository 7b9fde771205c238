import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The bundler's section of serverless.yml: esbuild's own options, and a few of the plugin that hands them on. */
interface Section extends Omit<BuildOptions, 'plugins'> {
  readonly outputFileExtension: string;
  readonly exclude: readonly string[];
  /** The file that has them. */
  readonly plugins: string;
  readonly watch: unknown;
}

interface Service {
  readonly custom: { readonly esbuild: Omit<Section, 'minify'> };
}

/** Entry points of all functions, relative to the root. */
export const functionEntries = (): readonly string[] => globSync('functions/*/*/index.ts', { cwd: root }).toSorted();

/** esbuild's options as serverless.yml has them for deployed functions. */
export function deployedOptions(): BuildOptions {
  const { custom }: Service = parse(readFileSync(`${root}serverless.yml`, 'utf8'), { merge: true });
  const { outputFileExtension, exclude, plugins, watch: _, ...options } = custom.esbuild;
  return {
    ...options,
    minify: true,
    external: [...exclude],
    plugins: createRequire(import.meta.url)(`${root}${plugins}`) as Plugin[],
    absWorkingDir: root,
    outExtension: { '.js': outputFileExtension },
    logLevel: 'silent',
  };
}

/** Those without what the bundler is taught beside its own craft: as anybody would bundle. */
export function plainOptions(): BuildOptions {
  const { plugins: _, alias: __, ...options } = deployedOptions();
  return options;
}

/**
 * Bundles as serverless.yml says that deployed functions are bundled, each into a file of its own.
 *
 * @param entryPoints relative to the root; each becomes the same path with .mjs in `outdir`
 * @param options the bundler's, where not as deployed
 * @throws when something does not compile
 */
export async function bundleAsDeployed(
  entryPoints: readonly string[],
  outdir: string,
  options: BuildOptions = deployedOptions(),
): Promise<Metafile> {
  const { metafile } = await build({
    ...options,
    entryPoints: [...entryPoints],
    outbase: '.',
    outdir,
    metafile: true,
  });
  return metafile;
}
