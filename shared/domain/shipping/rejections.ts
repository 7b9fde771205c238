export type ShipmentRejection = { readonly code: 'shipment/not-found' };
