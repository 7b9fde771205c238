import { expect, test } from '@jest/globals';
import { createCustomerAddress } from './customerAddress.ts';

const toAddress = createCustomerAddress('{customerId}@customers.example');

test('an id takes its place in the template', () => expect(toAddress('c-1')).toBe('c-1@customers.example'));
test('an id that is an address is the address', () => expect(toAddress('ada@home.example')).toBe('ada@home.example'));
test('no two ids share an address', () => expect(toAddress('eu:7')).toBe('eu=3A7@customers.example'));
