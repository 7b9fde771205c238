// Stands in for `@aws-sdk/credential-provider-node` in the deployed bundles (serverless.yml, esbuild's `alias`). Lambda gives a
// function its role's credentials in the environment, where that provider looks first as well; the rest of it (SSO, profiles,
// processes, metadata servers: some 95 KB, parsed at each cold start) is for other hosts.
export const defaultProvider = () => async () => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  throw new Error('no credentials in the environment');
};
