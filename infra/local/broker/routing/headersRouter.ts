import { AmqpError } from '../wire/amqpError.ts';
import { isSameField, typeName, valueText } from '../wire/fieldNames.ts';
import { type FieldTable, textOf } from '../wire/fieldTable.ts';
import type { Binding } from './binding.ts';
import type { Router } from './router.ts';

const modes = ['all', 'any', 'all-with-x', 'any-with-x'];

/** Headers: the binding's arguments are compared with the message's headers; `x-match` says all or any of them. */
export function createHeadersRouter(): Router {
  const bindings = new Set<Binding>();
  return {
    add(binding) {
      checkMode(binding.args);
      bindings.add(binding);
    },
    remove: (binding) => void bindings.delete(binding),
    match: (_routingKey, message) =>
      [...bindings].filter((binding) => isMatch(binding.args, message.headers)).map((binding) => binding.destination),
  };
}

function checkMode(args: FieldTable): void {
  const mode = args.get('x-match');
  if (mode === undefined) return;
  if (mode.tag !== 'S') {
    const text = `Invalid x-match field type ${typeName(mode)} (value ${valueText(mode)}); expected longstr`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
  if (modes.includes(valueText(mode))) return;
  const text = `Invalid x-match field value <<"${valueText(mode)}">>; expected all, any, all-with-x, or any-with-x`;
  throw new AmqpError('PRECONDITION_FAILED', text);
}

/** `x-...` arguments count only in the `-with-x` modes; one without a value (void) asks only that the header is there. */
function isMatch(args: FieldTable, headers: FieldTable): boolean {
  const mode = textOf(args.get('x-match')) ?? 'all';
  const wanted = [...args].filter(
    ([name]) => name !== 'x-match' && (mode.endsWith('-with-x') || !name.startsWith('x-')),
  );
  const fits = ([name, field]: (typeof wanted)[number]): boolean => {
    const header = headers.get(name);
    return header !== undefined && (field.tag === 'V' || isSameField(field, header));
  };
  return mode.startsWith('all') ? wanted.every(fits) : wanted.some(fits);
}
