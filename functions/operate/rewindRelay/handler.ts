import { toRejectionProblem } from '../../../shared/http/rejections.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import { type RewindDeps, rewindRelay } from '../../../shared/relay/rewind.ts';
import type { RewindRequest } from './request.ts';

/** `POST /ops/relay/rewind`: what was published since is published again, and applied once. */
export const createHandler =
  (deps: RewindDeps) =>
  async ({ to, by }: RewindRequest): Promise<Answer> => {
    const rewound = await rewindRelay(deps, to, by);
    if (rewound.outcome === 'rejected') return { problem: toRejectionProblem(rewound.rejection) };
    return reply(200, { from: rewound.from, to: rewound.to });
  };
