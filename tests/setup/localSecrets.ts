import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { listen } from '../../infra/local/listen.ts';

/** A Secrets Manager as far as reading goes (AWS JSON 1.1), over what `secrets` holds at that moment. */
export async function startLocalSecrets(secrets: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { SecretId: id } = (await json(request)) as { readonly SecretId: string };
    asked.push(`${String(request.headers['x-amz-target'])} ${id}`);
    const text = secrets[id];
    const found =
      text === undefined ? undefined : { Name: id, SecretString: text, ARN: `arn:aws:secretsmanager:x:1:secret:${id}` };
    response.writeHead(found ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(found ?? { __type: 'ResourceNotFoundException', message: `no secret ${id}` }));
  });
  const { url, stop } = await listen(server, 0);
  return { url, asked, stop };
}
