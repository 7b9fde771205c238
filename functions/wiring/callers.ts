import { access, type RouteName } from '../../shared/http/access.ts';
import { type Admit, admitAll, createAdmit } from '../../shared/http/admit.ts';
import { createJoseTokens } from '../../shared/http/joseTokens.ts';
import { lazy } from '../../shared/kernel/lazy.ts';
import { configOf } from './config.ts';

const issuer = lazy(() => {
  const { JWT_ISSUER: url, JWT_AUDIENCE: audience } = configOf('JWT_ISSUER', 'JWT_AUDIENCE');
  return { issuer: url, verify: createJoseTokens({ issuer: url, audience }) };
});

/** Who may come in to a route. @throws Fault config/invalid with the first request, when issuer or audience are missing */
export const admit = (name: RouteName): Admit => {
  const needs = access[name];
  return needs === 'open' ? admitAll : (event) => createAdmit(issuer(), needs)(event);
};
