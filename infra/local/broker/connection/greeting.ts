import { protocolHeader } from '../wire/frames.ts';

export type Greeting =
  | { readonly kind: 'partial' }
  | { readonly kind: 'wrong' }
  /** What came after the header. */
  | { readonly kind: 'whole'; readonly rest: Buffer };

/** The first eight bytes of a connection (AMQP 0-9-1, section 4.2.2), in whatever pieces they come. */
export class GreetingReader {
  #bytes: Buffer = Buffer.alloc(0);

  feed(chunk: Buffer): Greeting {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const length = Math.min(this.#bytes.length, protocolHeader.length);
    const isRight = this.#bytes.subarray(0, length).equals(protocolHeader.subarray(0, length));
    if (!isRight) return { kind: 'wrong' };
    if (length < protocolHeader.length) return { kind: 'partial' };
    return { kind: 'whole', rest: this.#bytes.subarray(length) };
  }
}
