/** The API's and the events' documents as one page: no script, nothing loaded from elsewhere. */

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: unknown;
  }[];
  readonly requestBody?: { readonly content: unknown };
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: unknown }>>;
}

interface OpenApi {
  readonly info: { readonly title: string; readonly description: string };
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

interface AsyncApi {
  readonly info: { readonly title: string; readonly description: string };
  readonly channels: Readonly<
    Record<string, { readonly address: string; readonly description: string; readonly messages: unknown }>
  >;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const toText = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);

const toCode = (value: unknown): string => `<pre>${toText(JSON.stringify(value, undefined, 2))}</pre>`;
const toDetails = (title: string, value: unknown): string =>
  `<details><summary>${toText(title)}</summary>${toCode(value)}</details>`;

const toRows = (rows: readonly (readonly string[])[]): string =>
  `<table>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</table>`;

function toRoute(path: string, method: string, operation: Operation): string {
  const { operationId, summary, parameters = [], requestBody, responses, security } = operation;
  const scopes = security.flatMap((scheme) => Object.values(scheme).flat());
  const wanted = parameters.map(({ name, in: where, required, schema }) => [
    `<code>${toText(name)}</code>`,
    `${toText(where)}${required ? ', required' : ''}`,
    `<code>${toText(JSON.stringify(schema))}</code>`,
  ]);
  const answers = Object.entries(responses).map(([status, { description, content }]) => [
    `<code>${toText(status)}</code>`,
    toText(description),
    content === undefined ? '' : toDetails('schema', content),
  ]);
  return `<section id="${toText(operationId)}"><h3><code>${toText(method.toUpperCase())} ${toText(path)}</code></h3>
<p>${toText(summary)}</p>
<p>${scopes.length > 0 ? `A token with the scope ${toText(scopes.join(' or '))}.` : 'Open to all.'}</p>
${wanted.length > 0 ? toRows(wanted) : ''}
${requestBody ? toDetails('body', requestBody.content) : ''}
${toRows(answers)}</section>`;
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow:auto;background:#f4f4f4;padding:1rem}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #ddd;padding:.3rem .6rem;vertical-align:top}
section{border-top:2px solid #222;margin-top:2rem}h3{margin:.6rem 0 0}summary{cursor:pointer}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}pre{background:#222}td{border-color:#444}section{border-color:#888}}`;

export function toPage({ info, paths, components }: OpenApi, events: AsyncApi): string {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Readonly<Record<string, Operation>>).map(([method, of]) => toRoute(path, method, of)),
  );
  const schemas = Object.entries(components.schemas).map(([name, schema]) => toDetails(name, schema));
  const channels = Object.entries(events.channels).map(
    ([name, { address, description, messages }]) =>
      `<section id="events-${toText(name)}"><h3><code>${toText(address)}</code></h3><p>${toText(description)}</p>
${Object.entries(messages as Readonly<Record<string, unknown>>)
  .map(([type, message]) => toDetails(type, message))
  .join('\n')}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${toText(info.title)}</title><style>${style}</style></head><body>
<h1>${toText(info.title)}</h1><p>${toText(info.description)}</p>
<p>The same for programs: <a href="/openapi.json">OpenAPI</a>, <a href="/asyncapi.json">AsyncAPI</a>.</p>
<h2>Routes</h2>${routes.join('\n')}<h2>Schemas</h2>${schemas.join('\n')}
<h2>${toText(events.info.title)}</h2><p>${toText(events.info.description)}</p>${channels.join('\n')}
</body></html>
`;
}
