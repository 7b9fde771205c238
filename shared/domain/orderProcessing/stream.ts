/** The category of the process manager's streams. */
export const fulfilmentCategory = 'fulfilment';

export const fulfilmentStream = (orderId: string): string => `${fulfilmentCategory}-${orderId}`;
