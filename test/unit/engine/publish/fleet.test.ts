import { beforeEach, describe, expect, test } from 'vitest'
import { publishToFleet } from '../../../../src/engine/publish/fleet.ts'
import { type Host, HostFault, HostGone } from '../../../../src/engine/publish/hosts/host.ts'
import type { TargetServer } from '../../../../src/contract/targets/targets.ts'
import type { Outcome, Publication } from '../../../../src/engine/publish/publication.ts'
import { setupOf } from '../../../../src/engine/publish/site/server-setup.ts'

const config = '/etc/nginx/nginx.conf'
const setup = setupOf({
  name: 'web',
  kind: 'nginx',
  config,
  sudo: false,
  ssh: [],
  httpsPort: 443,
  httpPort: 80,
})
const servers = Array.from({ length: 9 }, (_, index) => ({
  address: `deploy@web${index}`,
  hostKey: 'SHA256:key',
  release: null,
  digest: null,
  certificates: [],
  switchedAt: null,
}))

let log: string[]
let cancellation: AbortController
/** Files and links of each server, which stay between publications. */
let disks: Map<string, { files: Map<string, string>; links: Map<string, string> }>
beforeEach(() => {
  log = []
  disks = new Map()
  cancellation = new AbortController()
})

interface Faults {
  /** Servers whose reload fails. */
  failing?: string[]
  away?: string[]
  /** Servers whose connection ends while a release is written. */
  going?: string[]
  /** Line of the log at which the publication is cancelled. */
  cancelledAt?: string
}

/** A server in memory. */
function memoryHost(name: string, { failing = [], going = [], cancelledAt }: Faults): Host {
  const note = (line: string) => {
    log.push(line)
    if (line === cancelledAt) cancellation.abort()
  }
  const disk = disks.get(name) ?? { files: new Map([[config, '']]), links: new Map<string, string>() }
  disks.set(name, disk)
  const { files, links } = disk
  let reloads = 0
  return {
    name,
    outside: () => '127.0.0.1',
    run: async (command) => {
      if (command.includes('-T')) return { status: 0, output: `${setup.current}/sites.conf` }
      if (!command.includes('reload')) return { status: 0, output: '' }
      reloads += 1
      note(`${name} reload`)
      return { status: failing.includes(name) && reloads === 1 ? 1 : 0, output: '' }
    },
    ask: async () => '',
    makeFolder: async () => undefined,
    write: async (path, content) => {
      note(`${name} write`)
      if (going.includes(name)) throw new HostGone('The connection was closed.')
      files.set(path, content)
    },
    writeKey: async () => undefined,
    read: async (path) => (files.has(path) ? Buffer.from(files.get(path) ?? '') : null),
    list: async (path) => namesIn(disk, path),
    link: async (path, to) => void links.set(path, to),
    replaceLink: async (path, to) => {
      note(`${name} ${to.replace(/\d{8}T.*/, 'new')}`)
      links.set(path, to)
    },
    linkTarget: async (path) => links.get(path) ?? null,
    entry: async () => ({ kind: 'folder', isOurs: true, isShared: false }),
    async remove(...paths) {
      for (const entries of [files, links])
        for (const path of entries.keys())
          if (paths.some((removed) => path.startsWith(`${removed}/`))) entries.delete(path)
    },
    close: () => undefined,
  }
}

function namesIn(
  { files, links }: { files: Map<string, string>; links: Map<string, string> },
  folder: string,
) {
  const below = [...files.keys(), ...links.keys()].filter((path) => path.startsWith(`${folder}/`))
  return [...new Set(below.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].toSorted()
}

async function statesAfter(faults: Faults = {}): Promise<string[]> {
  return (await publishedTo(servers, faults)).map(({ report }) => report.state)
}

/** Publishes without sites, which needs no network. */
async function publishedTo(to: readonly TargetServer[], faults: Faults, hour = 10): Promise<Outcome[]> {
  const parts = {
    clock: () => new Date(`2026-11-29T${hour}:00:00Z`),
    vault: {
      targetKeys: { publicKey: () => undefined },
      settings: { get: () => undefined, set: () => undefined },
    },
  } as unknown as Publication['parts']
  const watch = { signal: cancellation.signal, report: () => undefined }
  const publication = { parts, target: 'web', setup, sites: [], dryRun: false, watch, proofMs: 0 }
  return publishToFleet(publication, to, async ({ address }) => {
    if (faults.away?.includes(address)) throw new HostFault('no answer')
    return memoryHost(address, faults)
  })
}

describe('a fleet', () => {
  test('gets a release one, then some, then all', async () => {
    expect(await statesAfter()).toEqual(servers.map(() => 'published'))
    const order = log.filter((line) => line.endsWith('reload')).map((line) => line.replace(/\D/g, ''))
    expect([order[0], order.slice(1, 3).toSorted(), order.slice(3).toSorted()]).toEqual([
      '0',
      ['1', '2'],
      ['3', '4', '5', '6', '7', '8'],
    ])
  })

  test('is left alone where the first one fails', async () => {
    expect(await statesAfter({ failing: ['deploy@web0'] })).toEqual([
      'rolled-back',
      ...servers.slice(1).map(() => 'skipped'),
    ])
  })

  test('is rolled back where a later one fails, and the rest is not attempted', async () => {
    expect(await statesAfter({ failing: ['deploy@web2'] })).toEqual([
      ...['rolled-back', 'rolled-back', 'rolled-back'],
      ...servers.slice(3).map(() => 'skipped'),
    ])
    expect(log.filter((line) => /^deploy@web0 (?!write)/.test(line))).toEqual([
      'deploy@web0 releases/new',
      'deploy@web0 reload',
      'deploy@web0 releases/0-empty',
      'deploy@web0 reload',
    ])
  })

  test('goes back over two publications, also where the engine was killed in one before', async () => {
    const pair = (outcomes: Outcome[]) => outcomes.map(({ server }) => ({ ...server, digest: null }))
    const recorded = pair(await publishedTo(servers.slice(0, 2), {}))
    // The record of this one is lost.
    await publishedTo(recorded, {}, 11)
    const answers = await publishedTo(recorded, {}, 12)
    const meant = await publishedTo(pair(answers), { failing: ['deploy@web1'] }, 13)
    expect(meant.map(({ report }) => report.state)).toEqual(['rolled-back', 'rolled-back'])
    for (const { undo } of answers) await undo?.()
    const { files, links } = disks.get('deploy@web0') ?? {}
    expect(links?.get(setup.current)).toBe(`releases/${recorded[0]?.release}`)
    expect(files?.has(`${setup.releases}/${recorded[0]?.release}/sites.conf`)).toBe(true)
  })

  test('is left alone by a cancellation before the first switch', async () => {
    expect(await statesAfter({ cancelledAt: 'deploy@web0 write' })).toEqual([
      'refused',
      ...servers.slice(1).map(() => 'skipped'),
    ])
    expect(log.filter((line) => !line.endsWith('write'))).toEqual([])
  })

  test('is rolled back by a cancellation, those that had succeeded too', async () => {
    expect(await statesAfter({ cancelledAt: 'deploy@web1 reload' })).toEqual([
      ...['rolled-back', 'rolled-back', 'rolled-back'],
      ...servers.slice(3).map(() => 'skipped'),
    ])
    expect(log.filter((line) => line.includes('0-empty'))).toHaveLength(3)
  })

  test('goes on without one whose connection ends before its switch', async () => {
    expect(await statesAfter({ going: ['deploy@web1'] })).toEqual([
      'published',
      'away',
      ...servers.slice(2).map(() => 'published'),
    ])
  })

  test('goes on without one that is away', async () => {
    expect(await statesAfter({ away: ['deploy@web0', 'deploy@web8'] })).toEqual([
      'away',
      ...servers.slice(1, 8).map(() => 'published'),
      'away',
    ])
  })
})
