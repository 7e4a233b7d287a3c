import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { followPublication } from '../../../../src/client/follow-publication.ts'
import type { Client } from '../../../../src/client/client.ts'
import { connectEngine } from '../../../../src/engine-process/connect.ts'
import { type Home, openHome } from '../../../../src/engine-process/home.ts'
import { type EngineProcess, startEngine } from '../../../../src/engine-process/start-engine.ts'
import { shownAt } from '../../../support/acme/engine.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import { originAt } from '../../../support/engine/engine.ts'
import { freePort } from '../../../support/free-port.ts'
import { absent, unless } from '../../../support/needs.ts'
import { type RealServer, realServer } from '../../../support/publish/real-servers.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/*
 * The nginx of the engine's PATH runs the real one. While `hold-test` is there, a test of the configuration of a new
 * release waits: the moment between switch and reload. While `hold-reload` is there, a reload waits after it was made.
 */
let folder: string
let path: string | undefined
let home: Home
let origin: TestOrigin
let isHanging: boolean
let server: RealServer
let engine: EngineProcess | undefined

beforeEach(async () => {
  folder = temporaryFolder()
  path = process.env['PATH']
  const programs = join(folder, 'bin')
  mkdirSync(programs)
  const real = (path ?? '')
    .split(delimiter)
    .concat('/usr/sbin')
    .map((each) => join(each, 'nginx'))
    .find(existsSync)
  const script = [
    '#!/bin/sh',
    'case " $* " in',
    `  *" -t "*) while [ -e ${folder}/hold-test ] && [ "$(readlink ${folder}/server/edgekeep/current)" != "$(cat ${folder}/hold-test)" ]; do touch ${folder}/held; sleep 0.05; done;;`,
    `  *" reload "*) ${real} "$@"; status=$?; while [ -e ${folder}/hold-reload ]; do touch ${folder}/held; sleep 0.05; done; exit $status;;`,
    'esac',
    `exec ${real} "$@"`,
  ]
  writeFileSync(join(programs, 'nginx'), `${script.join('\n')}\n`)
  chmodSync(join(programs, 'nginx'), 0o755)
  process.env['PATH'] = `${programs}${delimiter}${path}`
  home = openHome(join(folder, 'home'))
  isHanging = false
  origin = await startOrigin((_request, response) => void (isHanging || response.end('answer of the origin')))
  mkdirSync(join(folder, 'server'))
  server = await realServer('nginx', join(folder, 'server'))
})
afterEach(async () => {
  process.env['PATH'] = path
  for (const hold of ['hold-test', 'hold-reload']) rmSync(join(folder, hold), { force: true })
  await engine?.stop()
  await server.stop()
  await origin.close()
})

async function start(): Promise<void> {
  engine = await startEngine(home, {
    httpsPort: await freePort(),
    httpPort: await freePort(),
    portTaken: 'fail',
  })
}

async function onEngine<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await connectEngine(home)
  if (!connection) throw new Error('No engine runs.')
  try {
    return await use(connection.client)
  } finally {
    await connection.close()
  }
}

const publish = (...domains: string[]) =>
  onEngine(async (client) => followPublication(await client.targets.publish({ target: 'web', domains })))
const target = async () => (await onEngine((client) => client.targets.list()))[0]
const addDomain = (name: string) =>
  onEngine(async (client) => {
    await client.domains.add({ name, origin: originAt(origin.port) })
    await client.https.enable({ domain: name, source: { type: 'free' } })
  })
const current = () => basename(readlinkSync(join(server.folder, 'edgekeep/current')))

async function publishedOnce(): Promise<string> {
  await start()
  await addDomain('shop.test')
  await onEngine((client) => client.targets.add({ name: 'web', ...server.settings }))
  await server.start()
  expect(await publish('shop.test')).toMatchObject([{ state: 'published' }])
  await addDomain('api.test')
  return current()
}

/** Begins a publication, and resolves once nginx waits in it. */
async function heldAt(hold: 'hold-test' | 'hold-reload', content: string): Promise<void> {
  rmSync(join(folder, 'held'), { force: true })
  writeFileSync(join(folder, hold), content)
  publish('api.test').catch(() => undefined)
  while (!existsSync(join(folder, 'held'))) await pause(20)
}

async function takenBack(): Promise<void> {
  while ((await target())?.servers.some(({ switchedAt }) => switchedAt !== null) !== false) await pause(50)
}

describe('an engine that is killed in a publication', unless(absent('nginx', 'openssl')), () => {
  test.each([
    ['between switch and reload', 'hold-test'],
    ['after the reload, before the record', 'hold-reload'],
  ] as const)('takes the server back at its next start: %s', async (_moment, hold) => {
    const recorded = await publishedOnce()
    const { fingerprint } = await shownAt(server.httpsPort, 'shop.test')
    await heldAt(hold, `releases/${recorded}`)
    const interrupted = current()
    expect(interrupted).not.toBe(recorded)
    expect((await target())?.servers[0]?.switchedAt).not.toBeNull()
    engine?.kill()
    await engine?.exited
    rmSync(join(folder, hold))
    await start()
    await takenBack()
    expect(current()).toBe(recorded)
    const [entry] = (await target())?.history ?? []
    expect(entry?.servers).toMatchObject([
      {
        state: 'rolled-back',
        steps: [
          { step: 'rollback', ok: true },
          { step: 'rollback-proof', ok: true },
        ],
      },
    ])
    expect((await shownAt(server.httpsPort, 'shop.test')).fingerprint).toBe(fingerprint)
    // Neither the release that was left nor its keys stay.
    const there = readdirSync(join(server.folder, 'edgekeep'), { recursive: true, encoding: 'utf8' })
    expect(there.filter((each) => each.includes(interrupted))).toEqual([])
    expect(await onEngine((client) => client.targets.check({ target: 'web' }))).toMatchObject([{ drift: [] }])
    expect(await publish('api.test')).toMatchObject([{ state: 'published' }])
  })

  test('notes a server that does not run as taken back, since it reads that release when it starts', async () => {
    const recorded = await publishedOnce()
    await heldAt('hold-test', `releases/${recorded}`)
    engine?.kill()
    await engine?.exited
    rmSync(join(folder, 'hold-test'))
    await server.stop()
    await start()
    await takenBack()
    expect(current()).toBe(recorded)
    const [entry] = (await target())?.history ?? []
    expect(entry?.servers[0]?.steps.at(-1)).toMatchObject({
      ok: true,
      sentence: expect.stringContaining('does not run'),
    })
  })

  test('keeps the note where the server’s own test fails, and takes it back before another publication', async () => {
    const recorded = await publishedOnce()
    await heldAt('hold-test', `releases/${recorded}`)
    engine?.kill()
    await engine?.exited
    rmSync(join(folder, 'hold-test'))
    const { config = '' } = server.settings
    const text = readFileSync(config, 'utf8')
    writeFileSync(config, `${text}\nnonsense;`)
    await start()
    while ((await target())?.history[0]?.servers[0]?.state !== 'failed') await pause(50)
    expect((await target())?.servers[0]?.switchedAt).not.toBeNull()
    expect(current()).toBe(recorded)
    writeFileSync(config, text)
    expect(await publish('api.test')).toMatchObject([{ state: 'published' }])
    expect((await target())?.servers[0]?.switchedAt).toBeNull()
  })
})

describe('an engine that ends in a publication', unless(absent('nginx', 'openssl')), () => {
  test('leaves a rollback that cannot end in time to its next start', async () => {
    const recorded = await publishedOnce()
    await heldAt('hold-reload', '')
    await engine?.stop()
    rmSync(join(folder, 'hold-reload'))
    await start()
    await takenBack()
    expect(current()).toBe(recorded)
    expect((await target())?.history[0]?.servers).toMatchObject([{ state: 'rolled-back' }])
  })

  test('rolls back first where it can', async () => {
    const recorded = await publishedOnce()
    await heldAt('hold-test', `releases/${recorded}`)
    const stopped = engine?.stop()
    await pause(300)
    rmSync(join(folder, 'hold-test'))
    await stopped
    expect(current()).toBe(recorded)
    await start()
    expect((await target())?.servers[0]?.switchedAt).toBeNull()
    expect((await target())?.history[0]?.servers).toMatchObject([{ state: 'rolled-back' }])
  })

  test('rolls back while a proof waits for an answer', async () => {
    const recorded = await publishedOnce()
    await heldAt('hold-reload', '')
    isHanging = true
    rmSync(join(folder, 'hold-reload'))
    await pause(1_000)
    await engine?.stop()
    expect(current()).toBe(recorded)
  })
})
