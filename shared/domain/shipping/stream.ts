/** The category of shipment streams. */
export const shipmentCategory = 'shipment';

export const shipmentStream = (orderId: string): string => `${shipmentCategory}-${orderId}`;

/** One order, one tracking number, the same at every repeat. */
export const toTrackingNumber = (orderId: string): string => `WB-${orderId.slice(0, 13).toUpperCase()}`;
