const format = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
});

/**
 * AMQP's timestamp as Lambda prints it: "Jan 1, 1970, 12:33:41 AM", in UTC, with an ordinary space before AM or PM
 * (docs.aws.amazon.com/lambda/latest/dg/with-mq.html, 2026).
 *
 * @param epochSeconds as in the message's `timestamp` property
 */
export function toJavaTimestamp(epochSeconds: number): string {
  return format.format(epochSeconds * 1_000).replaceAll('\u202f', ' ');
}
