import { mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { TargetServer } from '../../../../src/contract/targets/targets.ts'
import { publishToFleet } from '../../../../src/engine/publish/fleet.ts'
import type { Host } from '../../../../src/engine/publish/hosts/host.ts'
import { localHost } from '../../../../src/engine/publish/hosts/local-host.ts'
import type { Publication } from '../../../../src/engine/publish/publication.ts'
import { type ServerSetup, setupOf } from '../../../../src/engine/publish/site/server-setup.ts'
import { posixOnly } from '../../../support/needs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** Server with a folder of its own, in which each release has a key. */
function serverIn(setup: ServerSetup): Host {
  const local = localHost()
  mkdirSync(join(setup.releases, '0-empty'), { recursive: true, mode: 0o750 })
  mkdirSync(setup.keys, { mode: 0o750 })
  symlinkSync('releases/0-empty', setup.current)
  return {
    ...local,
    run: async () => ({ status: 0, output: `${setup.current}/sites.conf` }),
    async makeFolder(certs) {
      await local.makeFolder(certs)
      const key = `shop.test-${basename(dirname(certs))}.key`
      writeFileSync(join(setup.keys, key), 'key')
      symlinkSync(`../../../keys/${key}`, join(certs, 'shop.test.pem.key'))
    },
  }
}

function publicationTo(setup: ServerSetup) {
  const parts = {
    clock: () => new Date(),
    vault: {
      targetKeys: { publicKey: () => undefined },
      settings: { get: () => undefined, set: () => undefined },
    },
  } as unknown as Publication['parts']
  const watch = { signal: new AbortController().signal, report: () => undefined }
  return { parts, target: 'web', setup, sites: [], dryRun: false, watch, proofMs: 0 }
}

function newSetup(): ServerSetup {
  const config = join(temporaryFolder(), 'nginx.conf')
  writeFileSync(config, '')
  return setupOf({ name: 'web', kind: 'nginx', config, sudo: false, ssh: [], httpsPort: 443, httpPort: 80 })
}

const neverPublished = {
  hostKey: 'SHA256:key',
  release: null,
  digest: null,
  certificates: [],
  switchedAt: null,
}

test('a server goes back to its release however often another one refuses', posixOnly, async () => {
  const setup = newSetup()
  const host = serverIn(setup)
  const refusing: Host = { ...host, entry: async () => ({ kind: 'link', isOurs: true, isShared: false }) }
  let servers: TargetServer[] = ['web0', 'web1'].map((address) => ({ address, ...neverPublished }))
  const publication = publicationTo(setup)
  for (let attempts = 0; attempts < 4; attempts += 1) {
    const outcomes = await publishToFleet(publication, servers, async ({ address }) =>
      address === 'web0' ? host : refusing,
    )
    expect(outcomes.map(({ report }) => report.state)).toEqual(['rolled-back', 'refused'])
    servers = outcomes.map(({ server }) => server)
    expect(readlinkSync(setup.current)).toBe('releases/0-empty')
    expect(readdirSync(setup.releases)).toEqual(['0-empty'])
    expect(readdirSync(setup.keys)).toEqual([])
  }
})

test(
  'a link that a lost connection left there hinders no publication, and is removed',
  posixOnly,
  async () => {
    const setup = newSetup()
    const host = serverIn(setup)
    symlinkSync('releases/0-empty', `${setup.current}.0123456789ab`)
    const server = { address: 'web0', ...neverPublished }
    const [outcome] = await publishToFleet(publicationTo(setup), [server], async () => host)
    expect(outcome?.report.state).toBe('published')
    expect(readdirSync(setup.folder)).toEqual(['current', 'keys', 'releases'])
  },
)
