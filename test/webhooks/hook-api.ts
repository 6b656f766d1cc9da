// The mutations on webhook endpoints, for tests to call.
import type { Client } from '../support/clients/api.ts';

interface SeenDelivery {
  readonly id: string;
  readonly event: string;
  readonly version: number;
  readonly status: string;
  readonly attempts: number;
  readonly lastStatusCode: number | null;
  readonly lastError: string | null;
}

export interface HookAnswer {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
  readonly secret?: string;
  readonly endpoint?: { readonly id: string; readonly enabled: boolean; readonly disabledReason: string | null; readonly url: string };
  readonly delivery?: SeenDelivery;
}

const DELIVERY = 'id event version status attempts lastStatusCode lastError';
const ENDPOINT = 'endpoint { id url enabled disabledReason }';
const PAYLOADS: Readonly<Record<string, string>> = {
  createWebhookEndpoint: `secret ${ENDPOINT}`,
  updateWebhookEndpoint: ENDPOINT,
  rotateWebhookSecret: `secret ${ENDPOINT}`,
  removeWebhookEndpoint: 'endpointId',
  sendTestEvent: `delivery { ${DELIVERY} }`,
  replayEvents: ENDPOINT,
};
const WITH_FIELDS = ['createWebhookEndpoint', 'updateWebhookEndpoint', 'replayEvents'];

export async function hook(client: Client, token: string, mutation: string, input: object): Promise<HookAnswer> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
  const fields = WITH_FIELDS.includes(mutation) ? '... on InvalidInputError { fields { path message } }' : '';
  const { done } = await client.data<{ done: HookAnswer }>(
    token,
    `mutation ($input: ${type}Input!) {
      done: ${mutation}(input: $input) { __typename ... on ${type}Payload { ${PAYLOADS[mutation]} } ... on Error { code message } ${fields} } }`,
    { input },
  );
  return done;
}

export async function deliveriesOf(client: Client, token: string, endpoint: string, args = 'first: 100'): Promise<SeenDelivery[]> {
  const { node } = await client.query(
    token,
    `query ($id: ID!) { node(id: $id) { ... on WebhookEndpoint { deliveries(${args}) { edges { node { ${DELIVERY} } } } } } }`,
    { id: endpoint },
  );
  return node.deliveries.edges.map((edge) => edge.node);
}
