/** The category of stock streams. */
export const stockCategory = 'stock';

export const stockStream = (sku: string): string => `${stockCategory}-${sku}`;
