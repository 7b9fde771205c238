import { ByteReader } from '../wire/byteReader.ts';
import { type FieldTable, readTable, textOf } from '../wire/fieldTable.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Who a client says it is; undefined if the mechanism is unknown or its response makes no sense. */
export function parseCredentials(mechanism: string, response: Buffer): Credentials | undefined {
  if (mechanism === 'PLAIN') return parsePlain(response);
  if (mechanism === 'AMQPLAIN') return parseAmqplain(response);
  return undefined;
}

/** RFC 4616: authorisation identity, user and password, each after a zero byte. */
function parsePlain(response: Buffer): Credentials | undefined {
  const [, user, password, ...rest] = response.toString().split('\0');
  if (user === undefined || password === undefined || rest.length > 0) return undefined;
  return { user, password };
}

/** A field table without its length. */
function parseAmqplain(response: Buffer): Credentials | undefined {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(response.length);
  const table: FieldTable = readTable(new ByteReader(Buffer.concat([length, response])));
  const user = textOf(table.get('LOGIN'));
  const password = textOf(table.get('PASSWORD'));
  return user === undefined || password === undefined ? undefined : { user, password };
}
