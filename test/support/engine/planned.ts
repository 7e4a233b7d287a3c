import type { Client } from '../../../src/client/client.ts'
import { doneOf } from '../../../src/client/done-of.ts'
import type { ConfigurationPlan } from '../../../src/contract/domains/configuration.ts'

export async function planned(client: Client, text: string): Promise<ConfigurationPlan> {
  return (await doneOf(client.configuration.plan({ text }))).plan
}
