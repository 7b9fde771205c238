/** The category of shipment streams. */
export const shipmentCategory = 'shipment';

export const shipmentStream = (orderId: string): string => `${shipmentCategory}-${orderId}`;
