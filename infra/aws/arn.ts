/** A resource of this account and region. The framework resolves `param:`, `self:` and `sls:` in it, CloudFormation the rest. */
export const arn = (service: string, resource: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
});
