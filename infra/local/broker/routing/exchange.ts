import type { FieldTable } from '../wire/fieldTable.ts';
import { textOf } from '../wire/fieldTable.ts';
import { type Binding, bindingId, type Destination } from './binding.ts';
import { createHeadersRouter } from './headersRouter.ts';
import { createDirectRouter, createFanoutRouter, type Routable, type Router } from './router.ts';
import { createTopicRouter } from './topicRouter.ts';

export type ExchangeType = 'direct' | 'fanout' | 'topic' | 'headers';

const routers: Readonly<Record<ExchangeType, () => Router>> = {
  direct: createDirectRouter,
  fanout: createFanoutRouter,
  topic: createTopicRouter,
  headers: createHeadersRouter,
};

export function isExchangeType(type: string): type is ExchangeType {
  return Object.hasOwn(routers, type);
}

export interface ExchangeDeclaration {
  readonly name: string;
  readonly type: ExchangeType;
  readonly isDurable: boolean;
  readonly isAutoDelete: boolean;
  readonly isInternal: boolean;
  readonly args: FieldTable;
}

/** One exchange and the bindings that start at it. */
export class Exchange {
  readonly kind = 'exchange';
  readonly declaration: ExchangeDeclaration;
  /** Where messages go that fit no binding here. */
  readonly alternate: string | undefined;
  readonly #router: Router;
  readonly #bindings = new Map<Destination, Map<string, Binding>>();

  constructor(declaration: ExchangeDeclaration) {
    this.declaration = declaration;
    this.alternate = textOf(declaration.args.get('alternate-exchange'));
    this.#router = routers[declaration.type]();
  }

  get name(): string {
    return this.declaration.name;
  }

  get isUnused(): boolean {
    return this.#bindings.size === 0;
  }

  /** Adds a binding; one that is there already stays as it is. */
  bind(destination: Destination, routingKey: string, args: FieldTable): void {
    const binding: Binding = { source: this, destination, routingKey, args };
    const id = bindingId(binding);
    const toSame = this.#bindings.get(destination) ?? new Map<string, Binding>();
    if (toSame.has(id)) return;
    this.#router.add(binding);
    toSame.set(id, binding);
    this.#bindings.set(destination, toSame);
  }

  /** Whether there was such a binding. */
  unbind(destination: Destination, routingKey: string, args: FieldTable): boolean {
    const toSame = this.#bindings.get(destination);
    const id = bindingId({ destination, routingKey, args });
    const binding = toSame?.get(id);
    if (!toSame || !binding) return false;
    this.#router.remove(binding);
    toSame.delete(id);
    if (toSame.size === 0) this.#bindings.delete(destination);
    return true;
  }

  /** Takes out every binding to a destination that is gone; whether there was one. */
  unbindAll(destination: Destination): boolean {
    for (const binding of this.#bindings.get(destination)?.values() ?? []) this.#router.remove(binding);
    return this.#bindings.delete(destination);
  }

  match(routingKey: string, message: Routable): Iterable<Destination> {
    return this.#router.match(routingKey, message);
  }
}
