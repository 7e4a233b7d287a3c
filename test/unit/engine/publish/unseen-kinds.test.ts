import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Certificate } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate'
import { Gateway } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/Gateway'
import { HTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute'
import { Middleware } from '@kubernetes-models/traefik/traefik.io/v1alpha1/Middleware'
import { TLSOption } from '@kubernetes-models/traefik/traefik.io/v1alpha1/TLSOption'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { defaultPolicies } from '../../../../src/contract/domains/policies.ts'
import {
  kindsWithoutKeys,
  type TargetKind,
  targetKindSchema,
  type TargetServer,
} from '../../../../src/contract/targets/targets.ts'
import { localHost } from '../../../../src/engine/publish/hosts/local-host.ts'
import { kindOf } from '../../../../src/engine/publish/kinds/kinds.ts'
import type { Publication } from '../../../../src/engine/publish/publication.ts'
import { publishToServer } from '../../../../src/engine/publish/publish-to-server.ts'
import { configurationOf, releaseOf, writeRelease } from '../../../../src/engine/publish/release.ts'
import { reloadServer } from '../../../../src/engine/publish/server-program.ts'
import { type ServerSetup, setupOf } from '../../../../src/engine/publish/site/server-setup.ts'
import { siteOf } from '../../../../src/engine/publish/site/site.ts'
import type { DomainRow } from '../../../../src/engine/vault/vault.ts'
import { readBelow } from '../../../support/import/setups.ts'
import { absent, unless } from '../../../support/needs.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { domain } from '../../../support/publish/domain.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/*
 * Kinds whose programs cannot be had here: what is written is checked against the schemas that they publish, and
 * Traefik's files are read by the reader that moves people in from it.
 */

const authority = createTestAuthority()
const leaf = issueTestLeaf(authority, { names: ['shop.test'] })
const hsts = { days: 365, includeSubDomains: true, preload: false }
const policies = { ...defaultPolicies, hsts }
const redirect = { mode: 'https' as const, code: 301 as const }

function setupIn(folder: string, kind: TargetKind, file: string, more = {}): ServerSetup {
  const config = join(folder, file)
  return setupOf({ name: 'web', kind, config, sudo: false, ssh: [], httpsPort: 443, httpPort: 80, ...more })
}

function refusal(kind: TargetKind, row: DomainRow): string | null {
  return kindOf({ kind }).refusal?.(siteOf(row)) ?? null
}

describe('a configuration for Traefik', () => {
  const anchorsPem = authority.certificatePem
  const row = domain(
    { redirect, policies: { ...policies, tls: { ...policies.tls, minimumVersion: '1.3', http2: false } } },
    { anchorsPem, hostHeader: 'app.test' },
  )
  const plainRow = domain(
    { name: 'plain.test', redirect: { mode: 'none', code: 301 } },
    { protocol: 'http', httpPort: 3000 },
  )
  const sites = [plainRow, row].map(siteOf)

  test('is read back as the domains that it was made of', async () => {
    const folder = temporaryFolder()
    const setup = setupIn(folder, 'traefik', 'traefik.yml')
    const { line } = kindOf(setup).include(setup)
    writeFileSync(
      setup.config,
      `${line}\nentryPoints: { web: { address: ":80" }, websecure: { address: ":443" } }\n`,
    )
    const host = localHost()
    const certificate = { chainPem: leaf.chainPem, keyFile: 'shop.key', by: 'local' as const }
    const release = releaseOf(sites, new Map(sites.map(({ name }) => [name, certificate])), setup)
    await writeRelease(host, setup.current, release)
    await host.makeFolder(join(setup.folder, 'watched'))
    await host.makeFolder(setup.keys)
    writeFileSync(join(setup.keys, 'shop.key'), leaf.keyPem)
    await reloadServer(host, setup)

    const { domains, notes } = await readBelow('traefik', folder, 'traefik.yml')
    expect(domains).toEqual({
      'shop.test': {
        origin: { ...row.origin, httpPort: 80, sni: 'app.test' },
        https: 'on',
        certificate: { name: 'shop.test', sha256: leaf.fingerprintSha256 },
        redirect,
        policies: { hsts, tls: { minimumVersion: '1.3' } },
      },
      'plain.test': expect.objectContaining({ origin: { ...plainRow.origin, httpsPort: 443 } }) as unknown,
    })
    expect(notes.join('\n')).not.toContain('shop.test')
  })

  test('is in the form of Traefik’s own schemas where it publishes them', () => {
    const setup = setupIn('/etc/traefik', 'traefik', 'traefik.yml', { httpsPort: 8443 })
    const { http, tls } = parse(configurationOf(sites, setup)) as {
      http: { middlewares: Record<string, object> }
      tls: { options: Record<string, object> }
    }
    expect(Object.keys(http.middlewares)).toEqual([
      'edgekeep-shop.test-https-headers',
      'edgekeep-shop.test-http-headers',
      'edgekeep-shop.test-http-redirect',
    ])
    expect(http.middlewares['edgekeep-shop.test-http-redirect']).toEqual({
      redirectScheme: { scheme: 'https', permanent: true, port: '8443' },
    })
    expect(tls.options['edgekeep-shop.test']).toEqual({
      minVersion: 'VersionTLS13',
      cipherSuites: expect.arrayContaining(['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256']) as unknown,
      alpnProtocols: ['http/1.1'],
      sniStrict: true,
    })
    for (const [name, spec] of Object.entries(http.middlewares))
      new Middleware({ metadata: { name }, spec }).validate()
    for (const [name, spec] of Object.entries(tls.options))
      new TLSOption({ metadata: { name }, spec }).validate()
  })

  test('is empty without a domain, since Traefik refuses sections with nothing in them', () => {
    const text = configurationOf([], setupIn('/etc/traefik', 'traefik', 'traefik.yml'))
    expect(parse(text)).toBeNull()
  })

  test('is read again since a file changes in the folder that Traefik watches', async () => {
    const setup = setupIn(temporaryFolder(), 'traefik', 'traefik.yml')
    const host = localHost()
    const watched = join(setup.folder, 'watched')
    await host.makeFolder(watched)
    await reloadServer(host, setup)
    const changes = watch(watched)
    const changed = once(changes, 'change')
    await reloadServer(host, setup)
    await changed
    changes.close()
    expect(await host.linkTarget(join(watched, 'edgekeep.yml'))).toBe('../current/sites.yml')
  })

  test('is refused for what Traefik serves otherwise', () => {
    expect(refusal('traefik', row)).toBeNull()
    expect(refusal('traefik', { ...row, redirect: { mode: 'https', code: 308 } })).toContain('301 or 302')
    expect(refusal('traefik', { ...row, name: '*.shop.test' })).toContain('wildcard')
  })
})

describe('manifests for Kubernetes', () => {
  const service = { protocol: 'http' as const, host: 'web.shop.svc.cluster.local', httpPort: 8080 }
  const row = domain({ redirect, policies }, service)
  const setup = setupIn('/srv/deploy', 'kubernetes', 'kustomization.yaml')

  function manifests(rows: DomainRow[], at = setup): Record<string, unknown>[] {
    const text = configurationOf(rows.map(siteOf), at)
    return parseAllDocuments(text).map((each) => each.toJS() as Record<string, unknown>)
  }

  test('are in the form of the schemas of the Gateway API and cert-manager', () => {
    const other = domain(
      { name: 'api.test', redirect: { mode: 'none', code: 301 }, policies },
      { ...service, host: 'api.back.svc', hostHeader: 'api.internal' },
    )
    const all = manifests(
      [other, row],
      setupIn('/srv/deploy', 'kubernetes', 'kustomization.yaml', { httpsPort: 8443 }),
    )
    const models = { Gateway, HTTPRoute, Certificate }
    for (const each of all) new models[each['kind'] as keyof typeof models](each as never).validate()
    expect(all.map(({ kind }) => kind)).toEqual([
      'Gateway',
      ...['Certificate', 'HTTPRoute', 'HTTPRoute'],
      ...['Certificate', 'HTTPRoute', 'HTTPRoute'],
    ])
  })

  test('have the key made in the cluster, and routes to the Service with redirect and HSTS', () => {
    const [gateway, certificate, https, http] = manifests([row])
    expect(gateway).toMatchObject({
      spec: {
        gatewayClassName: 'edgekeep',
        listeners: [
          { protocol: 'HTTP', port: 80 },
          {
            protocol: 'HTTPS',
            port: 443,
            hostname: 'shop.test',
            tls: { mode: 'Terminate', certificateRefs: [{ name: 'shop.test-tls' }] },
            allowedRoutes: { namespaces: { selector: { matchExpressions: [{ values: ['shop'] }] } } },
          },
        ],
      },
    })
    expect(certificate).toMatchObject({
      spec: {
        secretName: 'shop.test-tls',
        dnsNames: ['shop.test'],
        privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Always' },
        issuerRef: { kind: 'ClusterIssuer', name: 'edgekeep' },
      },
    })
    const set = [{ name: 'Strict-Transport-Security', value: 'max-age=31536000; includeSubDomains' }]
    expect(https).toMatchObject({
      metadata: { namespace: 'shop' },
      spec: {
        parentRefs: [{ name: 'edgekeep', namespace: 'edgekeep', sectionName: 'shop.test' }],
        rules: [
          {
            filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { set } }],
            backendRefs: [{ name: 'web', port: 8080 }],
          },
        ],
      },
    })
    expect(http).toMatchObject({
      spec: {
        rules: [
          {
            filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }],
          },
        ],
      },
    })
    expect(JSON.stringify([gateway, certificate, https, http])).not.toContain('PRIVATE KEY')
  })

  test('quote what YAML 1.1 reads as a boolean', () => {
    const site = siteOf(domain({ redirect, policies }, { ...service, host: 'no.on.svc' }))
    const text = configurationOf([site], setup)
    expect(text).toContain('namespace: "on"')
    expect(text).toContain('name: "no"')
  })

  const tls = (changes: object) => ({ policies: { ...policies, tls: { ...policies.tls, ...changes } } })
  test.each<[string, Partial<DomainRow>, object]>([
    ['wildcard', { name: '*.shop.test' }, {}],
    ['no settings', tls({ minimumVersion: '1.3' }), {}],
    ['no settings', tls({ ciphers: 'compatible' }), {}],
    ['no settings', tls({ http2: false }), {}],
    ['over TLS', {}, { protocol: 'https' }],
    ['no Service', {}, { host: '127.0.0.1' }],
    ['no Service', {}, { host: 'web.shop.svc.evil.test' }],
    ['with a port', {}, { hostHeader: 'shop.test:8080' }],
    ['301 and 302', { redirect: { mode: 'https', code: 308 } }, {}],
    ['forbids', { redirect: { mode: 'http', code: 301 } }, {}],
  ])('are refused for what a Gateway serves otherwise: %s', (reason, changes, origin) => {
    expect(refusal('kubernetes', row)).toBeNull()
    const changed = domain({ redirect, policies, ...changes }, { ...service, ...origin })
    expect(refusal('kubernetes', changed)).toContain(reason)
  })

  test('are refused for more names than a Gateway has listeners', () => {
    const rows = Array.from({ length: 64 }, (_, index) => ({ ...row, name: `shop${index}.test` }))
    expect(manifests(rows.slice(1))).toHaveLength(1 + 3 * 63)
    expect(() => manifests(rows)).toThrow(
      expect.objectContaining({
        code: 'publish.untranslatable',
        data: expect.objectContaining({ domain: 'shop63.test' }) as unknown,
      }),
    )
  })

  test('are built by kubectl as a part of the kustomization', unless(absent('kubectl')), async () => {
    const folder = temporaryFolder()
    const at = setupIn(folder, 'kubernetes', 'kustomization.yaml')
    const host = localHost()
    for (const [name, rows] of [
      ['empty', []],
      ['shop', [row]],
    ] as const) {
      await writeRelease(host, join(at.releases, name), releaseOf(rows.map(siteOf), new Map(), at))
      await host.replaceLink(at.current, `releases/${name}`)
      writeFileSync(at.config, `resources:\n  ${kindOf(at).include(at).line}\n`)
      const built = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
      expect(built.match(/^kind: /gm) ?? []).toHaveLength(rows.length * 4)
    }
  })

  test('are written once the kustomization includes them, and again only for a change', async () => {
    const at = setupIn(temporaryFolder(), 'kubernetes', 'kustomization.yaml')
    let server: TargetServer = {
      address: 'this computer',
      hostKey: null,
      release: null,
      digest: null,
      certificates: [],
      switchedAt: null,
    }
    const publishTo = async (rows: DomainRow[], dryRun = false) => {
      const outcome = await publishToServer({
        target: 'web',
        parts: { clock: () => new Date() } as Publication['parts'],
        host: localHost(),
        setup: at,
        sites: rows.map(siteOf),
        server,
        dryRun,
        watch: { signal: new AbortController().signal, report: () => undefined },
        proofMs: 0,
      })
      server = outcome.server
      return outcome.report
    }
    writeFileSync(at.config, '')
    expect(await publishTo([row])).toMatchObject({ state: 'refused', steps: [{ step: 'preflight' }] })
    writeFileSync(at.config, `resources:\n  ${kindOf(at).include(at).line}\n`)
    expect(await publishTo([row], true)).toMatchObject({ state: 'planned', renewed: [] })
    const written = await publishTo([row])
    expect(written).toMatchObject({ state: 'written', renewed: [] })
    expect(written.steps.map(({ step, ok }) => `${step} ${ok}`)).toEqual([
      'preflight true',
      'write true',
      'switch true',
    ])
    expect(await publishTo([row])).toMatchObject({ state: 'unchanged', diff: '' })
    expect(await publishTo([])).toMatchObject({ state: 'written' })
    expect(readdirSync(at.folder)).toEqual(['current', 'releases'])
    expect(readFileSync(join(at.current, 'manifests.yaml'), 'utf8')).toMatch(/^#.*\n$/)
  })

  test('are the only kind without keys at the server', () => {
    const without = targetKindSchema.options.filter((kind) => kindOf({ kind }).keyMode === null)
    expect(without).toEqual([...kindsWithoutKeys])
  })

  test('need the path of a kustomization', () => {
    const settings = {
      name: 'k',
      kind: 'kubernetes' as const,
      sudo: false,
      ssh: [],
      httpsPort: 443,
      httpPort: 80,
    }
    expect(() => setupOf(settings)).toThrow(expect.objectContaining({ code: 'target.unusable' }))
  })
})
