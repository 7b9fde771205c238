import type { Product } from '../../../shared/domain/catalogue/index.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import type { Products } from '../../../shared/readModels/products.ts';

/** `PUT /products/{sku}`: what it costs from now on; orders that were placed keep their prices. */
export const createHandler =
  ({ products }: { readonly products: Pick<Products, 'put'> }) =>
  async (product: Product): Promise<Answer> => {
    await products.put(product);
    return reply(200, product);
  };
