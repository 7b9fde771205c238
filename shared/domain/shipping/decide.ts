import { accepted, type Decider, type Decision, rejected } from '../../kernel/decision.ts';
import type { ShipmentCommand } from './commands.ts';
import type { ShipmentEvent } from './events.ts';
import type { ShipmentRejection } from './rejections.ts';
import { evolve, initialState, type Shipment } from './state.ts';

function decide(command: ShipmentCommand, shipment: Shipment): Decision<ShipmentEvent, ShipmentRejection> {
  switch (command.type) {
    // One shipment an order, and none after a failure.
    case 'CreateShipment': {
      const { type: _, ...data } = command;
      return shipment.status === 'none' ? accepted({ type: 'ShipmentCreated', data }) : accepted();
    }
    // It leaves once.
    case 'DispatchShipment': {
      if (shipment.status === 'none' || shipment.status === 'failed') return rejected({ code: 'shipment/not-found' });
      if (shipment.status !== 'created') return accepted();
      const { orderId, trackingNumber } = shipment;
      return accepted({ type: 'ShipmentDispatched', data: { orderId, trackingNumber, carrier: command.carrier } });
    }
    // What has left can't fail any more.
    case 'FailShipment': {
      const { type: _, ...data } = command;
      return shipment.status === 'none' ? accepted({ type: 'ShipmentFailed', data }) : accepted();
    }
  }
}

export const shipmentDecider: Decider<Shipment, ShipmentCommand, ShipmentEvent, ShipmentRejection> = {
  initialState,
  evolve,
  decide,
};
