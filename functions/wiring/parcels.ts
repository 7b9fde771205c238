import { createHttpParcels } from '../../shared/effects/httpParcels.ts';
import { configOf } from './config.ts';

export const sendParcel = createHttpParcels(configOf('SHIPPING_URL').SHIPPING_URL);
