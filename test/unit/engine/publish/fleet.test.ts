import { beforeEach, describe, expect, test } from 'vitest'
import { publishToFleet } from '../../../../src/engine/publish/fleet.ts'
import { type Host, HostFault } from '../../../../src/engine/publish/hosts/host.ts'
import type { Publication } from '../../../../src/engine/publish/publication.ts'
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
}))

let log: string[]
beforeEach(() => {
  log = []
})

/** A server in memory, whose reload fails if told so. */
function memoryHost(name: string, failsAt: readonly string[]): Host {
  const files = new Map([[config, '']])
  const links = new Map<string, string>()
  let reloads = 0
  return {
    name,
    outside: () => '127.0.0.1',
    run: async (command) => {
      if (command.includes('-T')) return { status: 0, output: `${setup.current}/sites.conf` }
      if (!command.includes('reload')) return { status: 0, output: '' }
      reloads += 1
      log.push(`${name} reload`)
      return { status: failsAt.includes(name) && reloads === 1 ? 1 : 0, output: '' }
    },
    ask: async () => '',
    makeFolder: async () => undefined,
    write: async (path, content) => void files.set(path, content),
    read: async (path) => (files.has(path) ? Buffer.from(files.get(path) ?? '') : null),
    list: async () => [],
    link: async (path, to) => void links.set(path, to),
    replaceLink: async (path, to) => {
      log.push(`${name} ${to.replace(/\d{8}T.*/, 'new')}`)
      links.set(path, to)
    },
    linkTarget: async (path) => links.get(path) ?? null,
    setMode: async () => undefined,
    remove: async () => undefined,
    close: () => undefined,
  }
}

/** States of the servers after a publication without sites, which needs no network. */
async function statesAfter({ failing = [] as string[], away = [] as string[] } = {}): Promise<string[]> {
  const parts = { clock: () => new Date('2026-11-29T10:00:00Z') } as Publication['parts']
  const publication = { parts, setup, sites: [], dryRun: false, proofMs: 0 }
  const outcomes = await publishToFleet(publication, servers, async ({ address }) => {
    if (away.includes(address)) throw new HostFault('no answer')
    return memoryHost(address, failing)
  })
  return outcomes.map(({ report }) => report.state)
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
    expect(log.filter((line) => line.startsWith('deploy@web0'))).toEqual([
      'deploy@web0 releases/new',
      'deploy@web0 reload',
      'deploy@web0 releases/0-empty',
      'deploy@web0 reload',
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
