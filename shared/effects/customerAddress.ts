/**
 * Mail addresses that follow from the customer's id: an id that is an address already is itself; any other takes the
 * place of `{customerId}` in the template, with what can't stand there written as `=` and its hexadecimal code.
 */
export const createCustomerAddress =
  (template: string) =>
  (customerId: string): string => {
    if (customerId.includes('@')) return customerId;
    const local = customerId.replaceAll(/[^\w.-]/g, (char) => `=${char.charCodeAt(0).toString(16).toUpperCase()}`);
    return template.replace('{customerId}', () => local);
  };
