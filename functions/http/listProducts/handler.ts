import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import type { Products } from '../../../shared/readModels/products.ts';

/** `GET /products`: the whole catalogue, by SKU. */
export const createHandler =
  ({ products }: { readonly products: Pick<Products, 'list'> }) =>
  async (): Promise<Answer> =>
    reply(200, { products: await products.list() });
