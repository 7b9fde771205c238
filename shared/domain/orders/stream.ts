/** The category of order streams. */
export const orderCategory = 'order';

export const orderStream = (orderId: string): string => `${orderCategory}-${orderId}`;
