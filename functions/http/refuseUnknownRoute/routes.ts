/** The routes of an OpenAPI document, as serverless.yml writes them: `GET /orders/{orderId}`. */
export const toRoutes = (paths: Readonly<Record<string, object>>): readonly string[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
