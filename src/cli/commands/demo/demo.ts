import { runs } from '../../frame/declare.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Stage } from './steps.ts'
import type { GlobalOptions } from '../../frame/command.ts'

export const demoCommand = runs('demo', {
  summary: 'run through the main job in about ten seconds, with throwaway data',
  about:
    'Run through the main job with throwaway data: origin, domain, upload, real TLS, redirect, swap under load, and the key erased at the end.',
  examples: ['demo'],
  run: demo,
})

async function demo(global: GlobalOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-demo-'))
  try {
    const [{ play }, { steps }] = await Promise.all([import('./play.ts'), import('./steps.ts')])
    return await onStage(folder, (stage) => play(steps, stage, global.json ?? false))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs `use` with an origin, an engine with its edge, and a visitor, then ends them. */
async function onStage<T>(folder: string, use: (stage: Stage) => Promise<T>): Promise<T> {
  const [
    { openHome },
    { connectEngine },
    { startEngine },
    { startOrigin },
    { createDemoAuthority },
    { createVisitor },
    { demoDomain },
  ] = await Promise.all([
    import('../../../engine-process/home.ts'),
    import('../../../engine-process/connect.ts'),
    import('../../../engine-process/start-engine.ts'),
    import('./origin.ts'),
    import('./pair.ts'),
    import('./visitor.ts'),
    import('./steps.ts'),
  ])
  const home = openHome(folder)
  const origin = await startOrigin()
  const engine = await startEngine(home, { portTaken: 'next' })
  const connection = await connectEngine(home)
  try {
    if (!connection) throw new EdgekeepError('engine.unreachable', { reason: 'it ended at once' })
    const ports = { https: engine.ready.httpsPort, http: engine.ready.httpPort }
    const authority = await createDemoAuthority()
    const [first, second] = [await authority.issue(demoDomain), await authority.issue(demoDomain)]
    using _firstKey = first.keyPem
    using _secondKey = second.keyPem
    const visitor = createVisitor(ports, authority.pem)
    const { client } = connection
    return await use({ client, folder, originUrl: origin.url, ports, authority, visitor, first, second })
  } finally {
    await connection?.close()
    await engine.stop()
    origin.close()
  }
}
