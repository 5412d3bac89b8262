import { join } from 'node:path';
import { LocalAws, type LocalAwsOptions } from '../local-aws';
import { type SdkClients, sdkClients } from './sdk-clients';

export const ORDERS_TEMPLATE = join(__dirname, '../fixtures/orders.template.json');

export type OrdersStack = { readonly aws: LocalAws; close(): Promise<void> } & SdkClients;

/** A local AWS with a small stack: a bastion, two clusters, a descriptor, a document that fixes host and port. And clients for it. */
export async function startOrdersStack(options: Partial<LocalAwsOptions> = {}): Promise<OrdersStack> {
  const aws = await LocalAws.start({ template: ORDERS_TEMPLATE, ...options });
  const clients = sdkClients(aws.environment);
  return {
    aws,
    ...clients,
    close: async () => {
      clients.destroy();
      await aws.close();
    },
  };
}
