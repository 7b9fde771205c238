/** As much of the framework's variable resolution as is used here. */
interface Resolution {
  readonly resolveVariable: (address: string) => Promise<unknown>;
}

/** The relay's schedule: on where the stage has it run as a Lambda function. */
export const relaySchedule = async ({ resolveVariable }: Resolution) => ({
  rate: 'rate(1 minute)',
  enabled: (await resolveVariable('param:relay')) === 'lambda',
});
