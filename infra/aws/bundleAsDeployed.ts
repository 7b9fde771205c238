import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The bundler's section of serverless.yml: esbuild's own options, and a few of the plugin that hands them on. */
interface Section extends BuildOptions {
  readonly outputFileExtension: string;
  readonly exclude: readonly string[];
  readonly watch: unknown;
}

interface Service {
  readonly custom: { readonly esbuild: Omit<Section, 'minify'> };
}

/** Entry points of all functions, relative to the root. */
export const functionEntries = (): readonly string[] => globSync('functions/*/*/index.ts', { cwd: root }).toSorted();

/**
 * Bundles as serverless.yml says that deployed functions are bundled, each into a file of its own.
 *
 * @param entryPoints relative to the root; each becomes the same path with .mjs in `outdir`
 * @throws when something does not compile
 */
export async function bundleAsDeployed(entryPoints: readonly string[], outdir: string): Promise<Metafile> {
  const { custom }: Service = parse(readFileSync(`${root}serverless.yml`, 'utf8'), { merge: true });
  const { outputFileExtension, exclude, watch: _, ...options } = custom.esbuild;
  const { metafile } = await build({
    ...options,
    minify: true,
    external: [...exclude],
    absWorkingDir: root,
    entryPoints: [...entryPoints],
    outbase: '.',
    outdir,
    outExtension: { '.js': outputFileExtension },
    metafile: true,
    logLevel: 'silent',
  });
  return metafile;
}
