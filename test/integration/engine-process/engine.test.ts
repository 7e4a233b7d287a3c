import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { EdgekeepError } from '../../../src/contract/errors/registry.ts'
import { connectEngine, openControlSocket } from '../../../src/engine-process/connect.ts'
import { openHome, type Home } from '../../../src/engine-process/home.ts'
import { keepEngine, restartDelayMs } from '../../../src/engine-process/keep-engine.ts'
import type { EngineEnd } from '../../../src/engine-process/spawn-engine.ts'
import { startEngine, type EngineProcess } from '../../../src/engine-process/start-engine.ts'
import { startEchoEngine } from '../../support/engine/echo-engine.ts'
import { standInEngine } from '../../support/engine/stand-in-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { posixOnly } from '../../support/needs.ts'

function newHome(): Home {
  return openHome(temporaryFolder())
}

async function start(home: Home, behaviour: Parameters<typeof standInEngine>[1]): Promise<EngineProcess> {
  const engineEntry = standInEngine(home.folder, behaviour)
  const engine = await startEngine(home, { portTaken: 'next', httpsPort: 8500, engineEntry })
  onTestFinished(() => engine.stop())
  return engine
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('starts an engine on the home and ports it is given, and knows its ports once it serves', async () => {
  const home = newHome()
  const engine = await start(home, 'serves')
  expect(engine.ready).toEqual({ ok: true, pid: engine.pid, httpsPort: 8500, httpPort: 8080 })
  expect(readFileSync(join(home.folder, `arguments-${engine.pid}`), 'utf8')).toBe(
    `--home ${home.folder} --https-port 8500 --port-taken next`,
  )
})

test('ends an engine in order, by closing its input', async () => {
  const home = newHome()
  const engine = await start(home, 'serves')
  await engine.stop()
  expect(await engine.exited).toEqual({ status: 0, signal: null })
  expect(existsSync(join(home.folder, 'ended-in-order'))).toBe(true)
  await engine.stop()
})

test('ends an engine that does not want to', { ...posixOnly, timeout: 20_000 }, async () => {
  const engine = await start(newHome(), 'stubborn')
  await engine.stop()
  expect(await engine.exited).toMatchObject({ status: null })
  expect(isAlive(engine.pid)).toBe(false)
})

test('passes on why an engine refuses to serve', async () => {
  await expect(start(newHome(), 'refuses')).rejects.toMatchObject({
    code: 'edge.port_taken',
    message: 'Port 8443 is taken by nginx. Port 8444 is free.',
  })
})

test('reports that an engine ended at its start, and leaves its output in a log for its owner alone', async () => {
  const home = newHome()
  await expect(start(home, 'crashes')).rejects.toMatchObject({
    code: 'engine.unreachable',
    message: expect.stringContaining('it ended at its start with status 1') as string,
  })
  expect(readFileSync(join(home.logFolder, 'engine-errors.log'), 'utf8')).toContain('at once')
})

test.each([
  ['aborts' as const, 'it ended at its start by a crash (SIGABRT); engine-errors.log has its last output'],
  ['killed' as const, 'it ended at its start by SIGKILL, which the system or another process sent'],
])('names the signal of an engine that ends so, and no cause: %s', posixOnly, async (how, reason) => {
  const error = await start(newHome(), how).catch((thrown: unknown) => thrown as Error)
  expect(error).toMatchObject({
    code: 'engine.unreachable',
    message: expect.stringContaining(reason) as string,
  })
  expect((error as Error).message).not.toContain('memory')
})

test('does not leave an engine behind that says something else', async () => {
  await expect(start(newHome(), 'babbles')).rejects.toThrow('its first line is not understood')
})

test('says that the build is missing', async () => {
  const start = startEngine(newHome(), { portTaken: 'fail', engineEntry: '/nowhere/engine.js' })
  await expect(start).rejects.toMatchObject({ code: 'install.incomplete' })
})

test('ends the engine when its launcher is killed', async () => {
  const home = newHome()
  const launcher = join(home.folder, 'launcher.mjs')
  const source = new URL('../../../src/engine-process/start-engine.ts', import.meta.url)
  const options = { portTaken: 'next', engineEntry: standInEngine(home.folder, 'serves') }
  writeFileSync(
    launcher,
    `import { startEngine } from ${JSON.stringify(source.href)}
     const engine = await startEngine(${JSON.stringify(home)}, ${JSON.stringify(options)})
     console.log(engine.pid)`,
  )
  const child = spawn(process.execPath, [launcher], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = Number(await new Promise((resolve) => child.stdout.once('data', resolve)))
  expect(isAlive(pid)).toBe(true)
  child.kill('SIGKILL')
  await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false)
  expect(existsSync(join(home.folder, 'ended-in-order'))).toBe(true)
})

test('keeps an engine running, on the same ports, however it ends, and reports an end in order as no crash', async () => {
  const home = newHome()
  const engineEntry = standInEngine(home.folder, 'serves')
  const crashes: EngineEnd[] = []
  const options = { portTaken: 'next', httpsPort: 8500, engineEntry } as const
  const restarts: (number | null)[] = []
  const kept = await keepEngine(home, options, {
    onCrash: (end) => crashes.push(end),
    onRestart: () => restarts.push(kept.pid()),
  })
  onTestFinished(() => kept.stop())
  for (let kill = 0; kill < 3; kill++) {
    const pid = kept.pid()!
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => kept.pid() !== pid && kept.pid(), { timeout: 20_000 }).toBeTruthy()
  }
  const ended = kept.pid()!
  process.kill(ended, 'SIGTERM')
  await expect.poll(() => kept.pid() !== ended && kept.pid(), { timeout: 20_000 }).toBeTruthy()
  expect(crashes).toEqual(Array.from({ length: 3 }, () => ({ status: null, signal: 'SIGKILL' })))
  await expect.poll(() => restarts).toHaveLength(4)
  expect(restarts.at(-1)).toBe(kept.pid())
  const again = readFileSync(join(home.folder, `arguments-${kept.pid()}`), 'utf8')
  expect(again).toBe(`--home ${home.folder} --https-port 8500 --again --port-taken next`)
})

test('starts no engine again that was stopped, not even between two', async () => {
  const home = newHome()
  const engineEntry = standInEngine(home.folder, 'serves')
  const kept = await keepEngine(home, { portTaken: 'next', engineEntry })
  process.kill(kept.pid()!, 'SIGKILL')
  await expect.poll(() => kept.pid()).toBeNull()
  await kept.stop()
  expect(kept.pid()).toBeNull()
  const pids = readdirSync(home.folder).flatMap((name) => /^arguments-(\d+)$/.exec(name)?.[1] ?? [])
  expect(pids.map(Number).filter(isAlive)).toEqual([])
})

test('kills an engine that does not answer, instead of waiting for it to end', async () => {
  const home = newHome()
  const engineEntry = standInEngine(home.folder, 'mute')
  const kept = await keepEngine(home, { portTaken: 'next', engineEntry })
  const pid = kept.pid()!
  await kept.stop()
  expect(isAlive(pid)).toBe(false)
  expect(existsSync(join(home.folder, 'ended-in-order'))).toBe(false)
})

test('starts an engine that was restarted again', async () => {
  const home = newHome()
  const engineEntry = standInEngine(home.folder, 'serves')
  const kept = await keepEngine(home, { portTaken: 'next', engineEntry })
  onTestFinished(() => kept.stop())
  const pid = kept.pid()!
  kept.restart()
  await expect.poll(() => kept.pid() !== pid && kept.pid(), { timeout: 20_000 }).toBeTruthy()
  expect(isAlive(pid)).toBe(false)
})

test('gives an engine up that cannot be brought back, and says why', async () => {
  const home = newHome()
  const engineEntry = standInEngine(home.folder, 'servesOnce')
  const kept = await keepEngine(home, { portTaken: 'next', engineEntry }, { attempts: 3 })
  process.kill(kept.pid()!, 'SIGKILL')
  expect(await kept.lost).toMatchObject({
    code: 'engine.unreachable',
    message: expect.stringContaining('it ended at its start with status 1') as string,
  })
  await kept.stop()
})

test('waits longer before each attempt, and never longer than five seconds', () => {
  expect([0, 1, 2, 3].map(restartDelayMs)).toEqual([50, 100, 200, 400])
  expect(restartDelayMs(20)).toBe(5000)
})

test('finds no engine where none ever ran or the last one was killed', posixOnly, async () => {
  const home = newHome()
  expect(await connectEngine(home)).toBeNull()
  const killed = spawn(process.execPath, [
    '-e',
    `require('node:net').createServer().listen(${JSON.stringify(home.socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ])
  await new Promise((resolve) => killed.once('exit', resolve))
  expect(existsSync(home.socketPath)).toBe(true)
  expect(await connectEngine(home)).toBeNull()
})

test('says that an engine is busy that has the socket and does not answer', async () => {
  const home = newHome()
  const held: Socket[] = []
  const mute = createServer((socket) => held.push(socket))
  await new Promise<void>((resolve) => mute.listen(home.socketPath, resolve))
  onTestFinished(() => {
    held.forEach((socket) => socket.destroy())
    mute.close()
  })
  const error = await connectEngine(home).catch((reason: unknown) => reason as EdgekeepError)
  expect(error).toMatchObject({ code: 'engine.busy' })
})

test('opens frames to the engine that runs, and closes them', async () => {
  const home = newHome()
  const engine = await startEchoEngine(home.socketPath)
  const socket = await openControlSocket(home)
  const answer = new Promise((resolve) => socket!.once('message', (data: Buffer) => resolve(data.toString())))
  socket!.send('there?')
  expect(await answer).toBe('there?')
  const connection = await connectEngine(home)
  await expect.poll(() => engine.connections.length).toBe(2)
  await connection!.close()
  await expect.poll(() => engine.connections.length).toBe(1)
  socket!.close()
})
