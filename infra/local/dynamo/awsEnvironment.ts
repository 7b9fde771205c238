/** What the AWS SDK insists on: the caller's own where there is any, for a real DynamoDB; a local one takes anything. */
export function toAwsEnvironment(env: Readonly<Record<string, string | undefined>>) {
  return {
    AWS_REGION: env['AWS_REGION'] || 'eu-central-1',
    AWS_ACCESS_KEY_ID: env['AWS_ACCESS_KEY_ID'] || 'local',
    AWS_SECRET_ACCESS_KEY: env['AWS_SECRET_ACCESS_KEY'] || 'local',
    // A profile would win over the keys, and may have expired.
    ...(env['AWS_ACCESS_KEY_ID'] ? {} : { AWS_PROFILE: '' }),
  } as const;
}
