/** Counts what a client sends. */
export function countRequests(client) {
  const requests = { count: 0 };
  client.middlewareStack.add(
    (next) => (args) => {
      requests.count += 1;
      return next(args);
    },
    { step: 'finalizeRequest', name: 'countRequests' },
  );
  return requests;
}
