import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { devServerHint } from '../../src/domain/dev-servers.ts'
import { defaultPolicies } from '../../src/contract/domains/policies.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { startDevServer, watchUpdate, type DevServerKind } from '../support/edge/dev-servers.ts'
import { routeTo, startTestEdge } from '../support/edge/edge.ts'

/**
 * Checks the configuration line that a finding suggests against the real development server, behind an edge
 * and in Chromium: `npm run conformance -- dev-servers [--folder FOLDER]`. npm installs the newest Vite,
 * webpack and Next.js into FOLDER (a temporary one if absent). Prints what a page does without the line and
 * with it, also visited directly; exits with 1 if the line does not suffice.
 */
const packages = ['vite', 'webpack', 'webpack-cli', 'webpack-dev-server', 'next', 'react', 'react-dom']
const kinds: DevServerKind[] = ['dev-server.vite', 'dev-server.webpack', 'dev-server.next']
const { values } = parseArgs({ options: { folder: { type: 'string' } } })

const installed = values.folder ?? mkdtempSync(join(tmpdir(), 'edgekeep-dev-servers-'))
const authority = createTestAuthority({ commonName: 'Development test authority' })
const found = new Set<string>()
const edge = await startTestEdge([], {
  leaves: { shop: issueTestLeaf(authority, { names: ['shop.test'] }) },
  onFindings: (findings) => findings.forEach(({ kind }) => found.add(kind)),
})
const browser = await openBrowser({ authorityPem: authority.certificatePem, hosts: ['shop.test'] })
try {
  install()
  for (const kind of kinds) {
    const { lines } = devServerHint(kind, 'shop.test')!
    const without = await visit(kind, '')
    const withLine = await visit(kind, lines)
    const isWell = without.isFound && withLine.behind.isUpdated && withLine.directly.isUpdated
    if (!isWell) process.exitCode = 1
    console.log(JSON.stringify({ kind, isWell, lines, without, withLine }, null, 2))
  }
} finally {
  await browser.close()
  await edge.close()
  if (values.folder === undefined) rmSync(installed, { recursive: true, force: true })
}

function install(): void {
  mkdirSync(installed, { recursive: true })
  const { status } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefix', installed, ...packages],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    },
  )
  if (status !== 0) throw new Error('npm could not install the development servers.')
}

async function visit(kind: DevServerKind, lines: string) {
  // Findings of the previous server arrive within half a second.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  found.clear()
  const folder = mkdtempSync(join(installed, 'project-'))
  const server = await startDevServer(kind, { folder, modules: join(installed, 'node_modules'), lines })
  try {
    const policies = { ...defaultPolicies, findings: { ...defaultPolicies.findings, watch: true } }
    edge.apply({ routes: [routeTo(server.port, { policies })] })
    const behind = await watchUpdate(browser.context, `https://shop.test:${edge.https}/`, server)
    server.show('first')
    const directly = await watchUpdate(browser.context, `http://127.0.0.1:${server.port}/`, server)
    return {
      behind,
      directly,
      isFound: found.has(kind),
      said: behind.isUpdated ? undefined : server.output().slice(-600),
    }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
