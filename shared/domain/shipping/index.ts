export type { ShipmentCommand } from './commands.ts';
export { shipmentDecider } from './decide.ts';
export { type ShipmentEvent, shipmentEvents } from './events.ts';
export type { ShipmentRejection } from './rejections.ts';
export type { Shipment } from './state.ts';
export { shipmentCategory, shipmentStream } from './stream.ts';
