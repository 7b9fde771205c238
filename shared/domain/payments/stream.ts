/** The category of payment streams. */
export const paymentCategory = 'payment';

export const paymentStream = (orderId: string): string => `${paymentCategory}-${orderId}`;
