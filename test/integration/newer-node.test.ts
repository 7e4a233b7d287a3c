import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { temporaryFolder } from '../support/temporary-folder.ts'

const script = join(import.meta.dirname, '../../scripts/newer-node.ts')
const pinned = Object.entries(packageJson.optionalDependencies)
  .filter(([name]) => /^node-(linux|win)/.test(name))
  .map(([name, specifier]) => [name, /\d+\.\d+\.\d+$/.exec(specifier)![0]] as const)

/** Result of the script with npm's registry at `registry`. */
async function look(registry: string): Promise<{ status: number; lines: string[] }> {
  const npm = {
    npm_config_registry: registry,
    npm_config_cache: temporaryFolder(),
    npm_config_fetch_retries: '0',
  }
  const { promise, resolve } = Promise.withResolvers<{ status: number; lines: string[] }>()
  execFile(process.execPath, [script], { env: { ...process.env, ...npm } }, (error, out) =>
    resolve({ status: Number(error?.code ?? 0), lines: out.trim().split('\n') }),
  )
  return promise
}

/** Registry on loopback that has `versions` of every package. */
async function registryWith(versions: (name: string) => string[]): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    const name = url.slice(1)
    const listed = versions(name).map((version) => [version, { name, version }])
    const packument = {
      'dist-tags': { latest: versions(name)[0] },
      versions: Object.fromEntries(listed) as object,
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name, ...packument }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const pinnedOf = (asked: string) => pinned.find(([name]) => name === asked)?.[1] ?? ''
/** The version with another patch, or of another line. */
const changed = (version: string, { major = 0, patch = 0 }) => {
  const [first = 0, minor = 0, last = 0] = version.split('.').map(Number)
  return [first + major, minor, last + patch].join('.')
}

describe('the look for a newer Node', () => {
  test('fails with both versions where npm has a newer patch of the line', async () => {
    const registry = await registryWith((name) => [pinnedOf(name), changed(pinnedOf(name), { patch: 10 })])
    const sentence = ([name, version]: readonly [string, string]) =>
      `${name}: ${version} is pinned, and npm has ${changed(version, { patch: 10 })}`
    expect(await look(registry)).toEqual({ status: 1, lines: pinned.map(sentence) })
  })

  test('passes where npm has older ones, those of another line and prereleases', async () => {
    const registry = await registryWith((name) => {
      const version = pinnedOf(name)
      return [version, changed(version, { major: 2 }), `${changed(version, { patch: 9 })}-rc.1`, '24.0.0']
    })
    const lines = pinned.map(([name, version]) => `${name}: ${version} is the newest`)
    expect(await look(registry)).toEqual({ status: 0, lines })
  })

  test('passes and says so where npm cannot be asked', async () => {
    const lines = pinned.map(([name]) => `${name}: npm cannot be asked`)
    expect(await look('http://127.0.0.1:9/')).toEqual({ status: 0, lines })
  })
})
