import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { countRequests } from './countRequests.js';

/**
 * A function that handles each message of a batch once, by the library's own means: all messages of the batch at once,
 * each under the id of its event.
 */
export function createPowertoolsFunction({ endpoint, table, handle }) {
  const client = new DynamoDBClient({ endpoint, maxAttempts: 3 });
  const requests = countRequests(client);
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'id' });
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: table, awsSdkV3Client: client });
  const once = makeIdempotent(({ body }) => handle(body), { persistenceStore, config, dataIndexArgument: 0 });
  return {
    requests,
    async handler(event, context) {
      config.registerLambdaContext(context);
      const messages = Object.values(event.rmqMessagesByQueue).flat();
      await Promise.all(
        messages.map(({ basicProperties, data }) =>
          once({ id: basicProperties.messageId, body: Buffer.from(data, 'base64').toString() }),
        ),
      );
    },
    stop: () => client.destroy(),
  };
}
