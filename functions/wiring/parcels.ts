import { createHttpParcels } from '../../shared/effects/httpParcels.ts';
import { shippingUrl } from './addresses.ts';

// Where it is does not change while a function lives.
export const sendParcel = createHttpParcels(await shippingUrl());
