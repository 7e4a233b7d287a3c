import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import { EdgekeepError } from '../../../src/contract/errors/registry.ts'
import type { Log } from '../../../src/engine/core/log.ts'
import { inspectOnlyContext, inspectOnlyRouter } from '../../../src/engine/inspect-only.ts'
import { sampleText } from '../../support/pki/samples.ts'

test('an engine without a vault judges files and refuses every other call with its reason', async () => {
  const reason = new EdgekeepError('engine.busy', {})
  const context = inspectOnlyContext({} as Log)
  const { inspect, domains } = createRouterClient(inspectOnlyRouter(reason), { context }) as Client
  const { sessionId } = await inspect.open({ files: [new File([sampleText('rsa.crt.pem')], 'rsa.crt.pem')] })
  expect((await inspect.diagnose({ sessionId })).diagnosis.situation).toBe('missing-intermediate')
  expect((await inspect.timeline({ sessionId })).clients.length).toBeGreaterThan(0)
  await expect(domains.list()).rejects.toMatchObject({ code: 'engine.busy' })
})
