import type { TopologyReport } from '../../shared/broker/admin/reconcileTopology.ts';
import type { TopologyCommand } from './commandLine.ts';

export interface Outcome {
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  readonly exitCode: 0 | 1 | 2;
}

/** What a person is told. A diff ends with 2 when anything is to be done, or is not as wanted: what counts as drift does so here. */
export function describeReport(
  { lines, problems, unread, missed, notes, drift }: TopologyReport,
  action: TopologyCommand['action'],
): Outcome {
  const differs = lines.length > 0 || drift > 0;
  return {
    lines: [
      ...lines,
      ...[...missed, ...unread].map((line) => `! ${line}`),
      ...notes.map((note) => `  ${note}`),
      ...(differs ? [] : ['nothing differs']),
    ],
    errors: problems.length > 0 ? [...problems.map((problem) => `! ${problem}`), 'nothing was changed'] : [],
    exitCode: problems.length > 0 ? 1 : action === 'diff' && differs ? 2 : 0,
  };
}
