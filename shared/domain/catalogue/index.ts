export {
  type PricedLine,
  type PricedOrder,
  type Pricing,
  type PricingRejection,
  priceLines,
  type RequestedLine,
} from './priceLines.ts';
export { type Product, product, sku } from './product.ts';
