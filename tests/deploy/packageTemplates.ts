import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Template } from './template.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The stages that are deployed. */
export const stages = ['dev', 'staging', 'prod'] as const;
export type Stage = (typeof stages)[number];

/** What everybody who deploys has to say. */
const said = ['mailFrom=orders@shop.example', 'jwtIssuer=https://issuer.example', 'jwtAudience=waybill'] as const;

/**
 * What `serverless deploy` would give to CloudFormation: the framework itself packages the stage, without the bundles and
 * without an account. One at a time, for they share folders.
 *
 * @param params as after `--param`
 * @param settings path of a file with an account's own settings; without one, none
 * @throws Error with what the framework said
 */
export async function packageTemplate(stage: Stage, params: readonly string[] = [], settings = ''): Promise<Template> {
  const folder = `.local/templates/${stage}${params.length > 0 || settings !== '' ? '-other' : ''}`;
  const args = ['node_modules/serverless/bin/serverless.js', 'package', '--stage', stage, '--package', folder];
  const given = ['templatesOnly=true', ...(settings === '' ? said : []), ...params].flatMap((param) => [
    '--param',
    param,
  ]);
  const child = spawn(process.execPath, [...args, ...given], {
    cwd: root,
    // No account, and nobody's settings: what comes out is the same everywhere.
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      SLS_NOTIFICATIONS_MODE: 'off',
      CI: '1',
      WAYBILL_SETTINGS: settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  child.stdout.on('data', (chunk) => output.push(String(chunk)));
  child.stderr.on('data', (chunk) => output.push(String(chunk)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`serverless package --stage ${stage} ended with ${code}:\n${output.join('')}`);
  return JSON.parse(readFileSync(`${root}${folder}/cloudformation-template-update-stack.json`, 'utf8')) as Template;
}
