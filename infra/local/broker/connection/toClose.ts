import type { AmqpError } from '../wire/amqpError.ts';
import type { FieldsOf } from '../wire/methods.ts';

/** A text is a short string on the wire. */
const maxTextBytes = 255;

/** How an error reads in a `channel.close` or `connection.close`. */
export function toClose(error: AmqpError): FieldsOf<'channel.close'> {
  const [classId, methodId] = error.methodId ?? [0, 0];
  return { replyCode: error.code, replyText: clipped(error.message), classId, methodId };
}

/** At most 255 bytes, with no character cut in two. */
function clipped(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxTextBytes) return text;
  let end = maxTextBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
