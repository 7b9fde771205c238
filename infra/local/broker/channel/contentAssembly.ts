import { AmqpError } from '../wire/amqpError.ts';
import { ByteReader } from '../wire/byteReader.ts';
import type { Frame } from '../wire/frameReader.ts';
import { type Content, frameType } from '../wire/frames.ts';
import type { MethodOf } from '../wire/methods.ts';
import { checkProperties } from '../wire/properties.ts';

const basicClass = 60;

/**
 * Gathers a publish: the method, a header that tells the size, body frames until that size is reached. Properties and
 * body are copied once into memory of their own, so that a stored message does not hold what came in beside it.
 */
export class ContentAssembly {
  readonly method: MethodOf<'basic.publish'>;
  readonly #maxBodyBytes: number;
  #properties: Buffer | undefined;
  #bodyBytes = 0;
  #pieces: Buffer[] = [];
  #gathered = 0;

  constructor(method: MethodOf<'basic.publish'>, maxBodyBytes: number) {
    this.method = method;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** The content if this frame makes it whole. */
  onFrame({ type, payload }: Frame): Content | undefined {
    if (this.#properties === undefined) {
      if (type === frameType.header) return this.#header(payload);
    } else if (type === frameType.body) {
      return this.#body(payload);
    }
    throw this.interrupted();
  }

  /** What another frame than the one awaited is answered with. */
  interrupted(): AmqpError {
    const text = this.#properties
      ? 'expected content body, got non content body frame instead'
      : `expected content header for class ${basicClass}, got non content header frame instead`;
    return new AmqpError('UNEXPECTED_FRAME', text);
  }

  #header(payload: Buffer): Content | undefined {
    const reader = new ByteReader(payload);
    const classId = reader.uint16();
    if (classId !== basicClass) {
      const text = `expected content header for class ${basicClass}, got one for class ${classId} instead`;
      throw new AmqpError('UNEXPECTED_FRAME', text);
    }
    reader.uint16();
    this.#bodyBytes = reader.size64();
    if (this.#bodyBytes > this.#maxBodyBytes) {
      const text = `message size ${this.#bodyBytes} is larger than configured max size ${this.#maxBodyBytes}`;
      throw new AmqpError('PRECONDITION_FAILED', text);
    }
    const properties = Buffer.from(reader.slice(reader.remaining));
    checkProperties(properties);
    this.#properties = properties;
    return this.#whole();
  }

  #body(payload: Buffer): Content | undefined {
    this.#gathered += payload.length;
    if (this.#gathered > this.#bodyBytes) {
      throw new AmqpError(
        'FRAME_ERROR',
        `${this.#gathered} bytes of body where the header announced ${this.#bodyBytes}`,
      );
    }
    this.#pieces.push(Buffer.from(payload));
    return this.#whole();
  }

  #whole(): Content | undefined {
    if (this.#properties === undefined || this.#gathered < this.#bodyBytes) return undefined;
    const [first] = this.#pieces;
    const body = first && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces, this.#bodyBytes);
    return { properties: this.#properties, body };
  }
}
