import { spawn } from 'node:child_process'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { launcher, startEdgekeep } from '../../support/processes/cli.ts'
import { freePort } from '../../support/free-port.ts'
import { isAlive, processTree } from '../../support/processes/process-tree.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

beforeEach((context) => {
  if (process.platform !== 'linux') context.skip('processes are read from /proc, which is of Linux')
})

test('a launcher that is killed takes command, engine and edge with it', async () => {
  const running = await startEdgekeep(temporaryFolder(), await onFreePorts())
  const tree = processTree(running.pid)
  expect(new Set(tree.values())).toEqual(new Set(['edgekeep.mjs', 'cli.js', 'engine.js', 'edge-worker.js']))
  running.kill()
  await expect.poll(() => [...tree.keys()].filter(isAlive), { timeout: 60_000 }).toEqual([])
})

test('a killed launcher ends a command that follows the log, while the engine goes on', async () => {
  const home = temporaryFolder()
  const running = await startEdgekeep(home, await onFreePorts())
  onTestFinished(async () => void (await running.interrupt()))
  const following = spawn(process.execPath, [launcher, '--home', home, 'logs', '--follow'])
  const commands = () => [...processTree(following.pid!)].filter(([, name]) => name === 'cli.js')
  await expect.poll(commands, { timeout: 60_000 }).toHaveLength(1)
  const command = commands()[0]![0]
  following.kill('SIGKILL')
  await expect.poll(() => isAlive(command), { timeout: 60_000 }).toBe(false)
  expect(isAlive(running.pid)).toBe(true)
})

async function onFreePorts(): Promise<string[]> {
  return ['--no-ui', '--https-port', String(await freePort()), '--http-port', String(await freePort())]
}
