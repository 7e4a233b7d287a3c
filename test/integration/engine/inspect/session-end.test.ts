import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openControlSocket, type ControlSocket } from '../../../../src/engine/control-socket.ts'
import { connectEngine, type Connection } from '../../../../src/engine-process/connect.ts'
import { openTestEngine, type TestEngine } from '../../../support/engine/engine.ts'
import { sampleText } from '../../../support/pki/samples.ts'

let opened: TestEngine
let socket: ControlSocket
const connections: Connection[] = []

beforeEach(async () => {
  opened = await openTestEngine()
  socket = await openControlSocket(join(opened.folder, 'control.sock'), opened.engine)
})
afterEach(async () => {
  await Promise.all(connections.splice(0).map((each) => each.close()))
  await socket.close()
  await opened.close()
})

async function connected(): Promise<Connection> {
  const { folder } = opened
  const socketPath = join(folder, 'control.sock')
  const connection = (await connectEngine({ folder, socketPath, logFolder: folder })) as Connection
  connections.push(connection)
  return connection
}

const files = () => ['rsa.crt.pem', 'rsa.key.pem'].map((name) => new File([sampleText(name)], name))
const expired = { code: 'staging.expired' }

test('the files of a window are gone once its connection closes, and those of another stay', async () => {
  const [window, other] = [await connected(), await connected()]
  const { sessionId } = await window.client.inspect.open({ files: files() })
  const { stagingId } = await window.client.staging.open({ files: files() })
  const kept = await other.client.inspect.open({ files: files() })
  await window.close()
  const { inspect, staging } = other.client
  await expect
    .poll(() => inspect.lint({ sessionId }).catch((error: unknown) => error), { timeout: 30_000 })
    .toMatchObject(expired)
  const added = staging.add({ stagingId, files: files() })
  await expect(added).rejects.toMatchObject(expired)
  expect((await inspect.lint(kept)).certificates).toHaveLength(1)
})

test('the files of every window are gone once the vault is locked', async () => {
  const { inspect, vault } = (await connected()).client
  const { sessionId } = await inspect.open({ files: files() })
  await vault.lock()
  await expect(inspect.lint({ sessionId })).rejects.toMatchObject(expired)
  expect((await inspect.open({ files: files() })).report.pieces).toHaveLength(2)
})
