// Tests run the source as Node itself does in development: types are stripped in place, nothing is rewritten, so line
// numbers stay true without source maps and no second compiler can disagree with the first.
import { stripTypeScriptTypes } from 'node:module';

export default {
  canInstrument: false,
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
