import type { BrokerChange, MessageMove } from './brokerAdmin.ts';

/** One line for a person: `+` is added, `-` is taken away, `~` is changed. Never a password, nor its hash. */
export function describeChange(change: BrokerChange | MessageMove): string {
  switch (change.kind) {
    case 'create-virtual-host':
      return '+ virtual host';
    case 'declare-exchange':
      return `+ exchange ${change.exchange.name} (${change.exchange.type}) ${JSON.stringify(change.exchange.arguments)}`;
    case 'declare-queue':
      return `+ queue ${change.queue.name} ${JSON.stringify(change.queue.arguments)}`;
    case 'bind':
      return `+ binding ${change.binding.exchange} --${change.binding.key}--> ${change.binding.queue}`;
    case 'unbind':
      return `- binding ${change.binding.exchange} --${change.binding.key}--> ${change.binding.queue}`;
    case 'move-messages':
      return `~ queue ${change.queue}: its messages go round again`;
    case 'publish-again':
      return `~ queue ${change.queue}: its ${change.count} messages go round again`;
    case 'delete-returned':
      return `- queue ${change.queue}: ${change.count} messages in it`;
    case 'delete-queue':
      return `- queue ${change.queue}`;
    case 'put-user':
      return `~ user ${change.name}: password, ${change.tags.length > 0 ? `tags ${change.tags.join(' ')}` : 'no tags'}`;
    case 'permit': {
      const { configure, write, read } = change.permissions;
      return `~ user ${change.user}: configure ${configure} write ${write} read ${read}`;
    }
    case 'put-policy':
      return `~ policy ${change.policy.name} ${change.policy.pattern} ${JSON.stringify(change.policy.definition)}`;
  }
}
