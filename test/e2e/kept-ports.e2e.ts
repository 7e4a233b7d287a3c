import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser/browser.ts'
import { edgekeep, startEdgekeep } from '../support/processes/cli.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { freePort } from '../support/free-port.ts'
import { unless } from '../support/needs.ts'
import { noStranger, startSquatter } from '../support/processes/squatter.ts'
import { lookOver } from './pictures.ts'

const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

describe('A port that another user took while Edgekeep did not run', unless(noStranger), () => {
  test('is over every page of the window and on that of names, with the program and its user, as is one of the edge until it is free', async () => {
    const folder = temporaryFolder()
    ending.push(() => rmSync(folder, { recursive: true, force: true }))
    const port = await freePort()
    await edgekeep(folder, ['names', 'proxy', '--port', String(port)])
    const squatter = await startSquatter(port)
    ending.push(() => squatter.end())
    const https = await freePort()
    const ports = ['--https-port', String(https), '--http-port', String(await freePort())]
    await edgekeep(folder, ['settings', ...ports])
    const other = createServer().listen(https, '127.0.0.1')
    ending.push(() => other.close())
    const running = await startEdgekeep(folder, [])
    ending.push(() => running.interrupt())
    const { context, close } = await openBrowser()
    ending.push(close)
    const window = await context.newPage()
    await window.goto(running.ui ?? '')
    const who = `(process ${squatter.pid}) of user nobody (uid ${squatter.uid})`
    const band = window.getByRole('alert', { name: 'Another user of this computer has a port of Edgekeep' })
    await band.getByText(who).waitFor()
    await lookOver(window, 'port-conflict')
    await band.getByRole('link', { name: 'Show names' }).click()
    const names = window.getByRole('region', { name: 'Names' })
    await names.getByText(who).waitFor()
    const { out } = await edgekeep(folder, ['status', '--json'])
    expect(out).toContain('"portConflicts"')
    const moved = window.getByRole('alert', { name: 'Another program has a port of the edge' })
    await moved.getByText(`Port ${https} is taken by node (process ${process.pid})`).waitFor()
    await moved.getByRole('button', { name: 'Try again' }).click()
    await moved.getByText('The port is still taken.').waitFor()
    other.close()
    await moved.getByRole('button', { name: 'Try again' }).click()
    await moved.waitFor({ state: 'detached' })
    await window.getByText(`Listening on ${https} (HTTPS)`).waitFor()
  })
})
