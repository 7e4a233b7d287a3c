import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Client } from '../../../../src/client/client.ts'
import { followPublication } from '../../../../src/client/follow-publication.ts'
import { router } from '../../../../src/engine/engine.ts'
import { commandLineOf, openTestEngine, originAt, type TestEngine } from '../../../support/engine/engine.ts'
import { freePort } from '../../../support/free-port.ts'
import { absent, posixOnly, unless } from '../../../support/needs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

let opened: TestEngine
let folder: string
let config: string
beforeEach(async () => {
  opened = await openTestEngine()
  folder = temporaryFolder()
  config = join(folder, 'nginx.conf')
  writeFileSync(config, `pid ${folder}/pid; error_log ${folder}/log; events {}\n`)
})
afterEach(() => opened.close())

const nginx = (more = {}) => ({ name: 'web', kind: 'nginx' as const, config, ...more })

/** Adds a server that confirms all and serves nothing, so that a proof waits. */
async function addUnprovable(): Promise<Client> {
  const programs = temporaryFolder()
  const script = `#!/bin/sh\necho ${folder}/edgekeep/current/sites.conf\n`
  writeFileSync(join(programs, 'nginx'), script, { mode: 0o755 })
  vi.stubEnv('PATH', `${programs}:${process.env['PATH'] ?? ''}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const client = commandLineOf(opened)
  await client.domains.add({ name: 'shop.test', origin: originAt(9) })
  const [httpsPort, httpPort] = [await freePort(), await freePort()]
  await client.targets.add(nginx({ bind: '127.0.0.1', httpsPort, httpPort }))
  return client
}

describe('a target', () => {
  test('has a folder of its own and names the line that includes it', async () => {
    const client = commandLineOf(opened)
    const before = readdirSync(folder)
    const { include, commands } = await client.targets.add(nginx({ sudo: true }))
    expect(readdirSync(folder)).toEqual(['edgekeep', ...before])
    expect(include.line).toBe(`include ${folder}/edgekeep/current/*.conf;`)
    expect(commands[1]).toBe(`sudo -n nginx -t -c ${config}`)
    expect(await client.targets.list()).toMatchObject([{ name: 'web', domains: [] }])
    expect(await client.targets.check({ target: 'web' })).toMatchObject([{ drift: [expect.anything()] }])
    await expect(client.targets.add(nginx())).rejects.toMatchObject({ code: 'target.name_taken' })
    await client.targets.remove({ target: 'web' })
    await expect(client.targets.show({ target: 'web' })).rejects.toMatchObject({ code: 'target.not_found' })
  })

  test('stays beside one that is added at the same time, and shares neither its name nor its folder', async () => {
    const { targets } = commandLineOf(opened)
    const elsewhere = join(folder, 'second', 'nginx.conf')
    mkdirSync(join(folder, 'second'))
    copyFileSync(config, elsewhere)
    const second = { ...nginx({ config: elsewhere }), name: 'second' }
    await Promise.all([targets.add(nginx()), targets.add(second)])
    const names = async () => (await targets.list()).map(({ name }) => name)
    expect(await names()).toEqual(['web', 'second'])
    await expect(targets.add({ ...nginx(), name: 'third' })).rejects.toMatchObject({
      code: 'target.unusable',
      message: expect.stringContaining(`"web" has the folder ${folder}/edgekeep`) as string,
    })
    await targets.remove({ target: 'web' })
    const added = await Promise.allSettled([targets.add(nginx()), targets.add(nginx())])
    expect(added.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(await names()).toEqual(['second', 'web'])
  })

  test('is added and removed by commands only', async () => {
    const context = { ...opened.engine.contextFor('window') }
    const window = createRouterClient(router, { context }) as Client
    const refusal = { code: 'target.from_command_line' }
    await expect(window.targets.add(nginx())).rejects.toMatchObject(refusal)
    await commandLineOf(opened).targets.add(nginx())
    await expect(window.targets.remove({ target: 'web' })).rejects.toMatchObject(refusal)
    const agent = createRouterClient(router, { context: opened.engine.contextFor('agent') }) as Client
    await expect(agent.targets.publish({ target: 'web', domains: [] })).rejects.toMatchObject({
      code: expect.stringMatching(/^agent\./),
    })
  })

  test('is refused without its configuration, and with a key in its place', async () => {
    const client = commandLineOf(opened)
    const refusal = { code: 'target.unusable' }
    await expect(client.targets.add(nginx({ config: `${config}.gone` }))).rejects.toMatchObject(refusal)
    writeFileSync(config, '-----BEGIN PRIVATE KEY-----\n')
    await expect(client.targets.add(nginx())).rejects.toMatchObject(refusal)
    expect(await client.targets.list()).toEqual([])
  })

  test.each(['edgekeep', 'edgekeep/releases', 'edgekeep/keys'])(
    'is refused where %s is a link to another folder',
    async (name) => {
      mkdirSync(join(folder, 'elsewhere'))
      if (name !== 'edgekeep') mkdirSync(join(folder, 'edgekeep'))
      symlinkSync(join(folder, 'elsewhere'), join(folder, name))
      await expect(commandLineOf(opened).targets.add(nginx())).rejects.toMatchObject({
        code: 'target.unusable',
        data: { reason: expect.stringContaining(`${name} is a link`) },
      })
      expect(readdirSync(join(folder, 'elsewhere'))).toEqual([])
    },
  )

  test.each(['edgekeep', 'edgekeep/releases', 'edgekeep/keys'])(
    'gets nothing once others may write to %s, or it is a link',
    posixOnly,
    async (name) => {
      const client = commandLineOf(opened)
      await client.domains.add({ name: 'shop.test', origin: originAt(9) })
      await client.targets.add(nginx())
      const refusal = async () => {
        const [report] = await followPublication(
          await client.targets.publish({ target: 'web', domains: ['shop.test'] }),
        )
        return [report?.state, report?.steps.map(({ sentence }) => sentence)]
      }
      const path = join(folder, name)
      chmodSync(path, 0o770)
      expect(await refusal()).toEqual(['refused', [`Others may write to ${path}: chmod go-w ${path}`]])
      renameSync(path, `${path}.moved`)
      symlinkSync(`${path}.moved`, path)
      expect(await refusal()).toEqual(['refused', [`${path} is a link to another folder.`]])
    },
  )

  test('is as before after a cancellation, when the server has read the new release', posixOnly, async () => {
    const client = await addUnprovable()
    const steps: string[] = []
    const events = await client.targets.publish({ target: 'web', domains: ['shop.test'] })
    const [report] = await followPublication(events, (event) => {
      if (event.type === 'running') return
      steps.push(event.step.step)
      if (event.step.step === 'reload') void client.targets.cancel({ target: 'web' })
    })
    expect(report?.state).toBe('rolled-back')
    expect(report?.steps.map(({ step }) => step)).toEqual(steps)
    expect(report?.steps.slice(-3)).toMatchObject([
      { step: 'proof', ok: false, sentence: 'Cancelled.' },
      { step: 'rollback', ok: true },
      { step: 'rollback-proof', ok: true },
    ])
    expect(readlinkSync(join(folder, 'edgekeep', 'current'))).toBe('releases/0-empty')
    expect(readdirSync(join(folder, 'edgekeep', 'keys'))).toEqual([])
    expect(await client.targets.cancel({ target: 'web' })).toEqual({ cancelled: false })
  })

  test('is as before when the engine ends in the middle', posixOnly, async () => {
    const client = await addUnprovable()
    let ended: Promise<void> | undefined
    const events = await client.targets.publish({ target: 'web', domains: ['shop.test'] })
    const reports = await followPublication(events, (event) => {
      if (event.type === 'running' && event.step === 'proof') ended ??= opened.engine.close()
    })
    await ended
    expect(reports).toMatchObject([{ state: 'rolled-back' }])
    expect(readlinkSync(join(folder, 'edgekeep', 'current'))).toBe('releases/0-empty')
  })

  test('has the folder that Traefik watches, and a caution that Traefik was never seen', async () => {
    const client = commandLineOf(opened)
    await client.domains.add({ name: 'shop.test', origin: originAt(9) })
    config = join(folder, 'traefik.yml')
    writeFileSync(config, '')
    const { include, caution, commands } = await client.targets.add({ name: 't', kind: 'traefik', config })
    expect([caution, commands]).toEqual([expect.stringContaining('never run with Traefik'), []])
    writeFileSync(config, include.line)
    expect(readFileSync(join(folder, 'edgekeep', 'watched', 'edgekeep.yml'), 'utf8')).toMatch(/^#.*\n$/)
    const input = { target: 't', domains: ['shop.test'], dryRun: true }
    const [plan] = await followPublication(await client.targets.publish(input))
    expect(plan).toMatchObject({ state: 'planned', diff: expect.stringContaining('Host(`shop.test`)') })
  })

  test('gets manifests for Kubernetes that a kustomization includes, and no key', async () => {
    const client = commandLineOf(opened)
    const host = 'web.shop.svc'
    await client.domains.add({ name: 'shop.test', origin: { ...originAt(8080), host } })
    config = join(folder, 'kustomization.yaml')
    writeFileSync(config, '')
    const { include } = await client.targets.add({ name: 'k', kind: 'kubernetes', config })
    writeFileSync(config, `resources:\n  ${include.line}\n`)
    const published = async () => {
      const input = { target: 'k', domains: ['shop.test'] }
      const [report] = await followPublication(await client.targets.publish(input))
      return report
    }
    expect(await published()).toMatchObject({ state: 'written', renewed: [] })
    const renewal = client.targets.setRenewal({ target: 'k', on: true })
    await expect(renewal).rejects.toMatchObject({ code: 'input.invalid' })
    expect(await published()).toMatchObject({ state: 'unchanged' })
    expect(await client.targets.check({ target: 'k' })).toMatchObject([{ drift: [] }])
    expect(readdirSync(join(folder, 'edgekeep'))).toEqual(['current', 'releases'])
    const origin = { ...originAt(8081), host }
    await client.domains.setOrigin({ domain: 'shop.test', origin })
    const [changed] = await client.targets.check({ target: 'k' })
    expect(changed?.drift).toEqual(['The domains have changed since the manifests were written.'])
    await client.domains.setOrigin({ domain: 'shop.test', origin: originAt(8080) })
    await expect(published()).rejects.toMatchObject({ code: 'publish.untranslatable' })
  })

  test('gets nothing before it reads the folder', unless(absent('nginx')), async () => {
    const client = commandLineOf(opened)
    await client.domains.add({ name: 'shop.test', origin: originAt(9) })
    await client.targets.add(nginx())
    const [report] = await followPublication(
      await client.targets.publish({ target: 'web', domains: ['shop.test'] }),
    )
    expect(report).toMatchObject({
      state: 'refused',
      steps: [
        {
          step: 'preflight',
          sentence: expect.stringContaining(`include ${folder}/edgekeep/current/*.conf;`),
        },
      ],
    })
    expect(readdirSync(join(folder, 'edgekeep', 'releases'))).toEqual(['0-empty'])
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { access: { users: [] } } })
    await expect(
      followPublication(await client.targets.publish({ target: 'web', domains: ['shop.test'] })),
    ).rejects.toMatchObject({
      code: 'publish.untranslatable',
    })
  })
})
