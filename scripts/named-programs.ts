import { spawnSync } from 'node:child_process'

interface Program {
  runs: string
  summary: string
}

/** Program that runs a file of tests with all its cases (`test/support/long-form.ts`). */
const longForm = (part: string, file: string, summary: string): Program => ({
  runs: `scripts/test.ts ${part} ${file}`,
  summary,
})

/** Programs of `npm run bench` and `npm run conformance`, by the name that follows `--`. */
export const programs: Record<string, Record<string, Program>> = {
  bench: {
    attack: { runs: 'bench/edge/under-attack.ts', summary: 'p99 of a visitor beside hostile clients' },
    desktop: { runs: 'bench/desktop.ts', summary: 'start of the desktop app beside an empty window' },
    domains: { runs: 'bench/edge-domains.ts', summary: 'start and changes with 100,000 domains' },
    edge: { runs: 'bench/edge/run.ts', summary: 'the edge beside nginx, HAProxy and Caddy' },
    pki: { runs: 'bench/pki.ts', summary: 'inspection and verification beside other tools' },
    publish: {
      runs: 'bench/publish/run.ts',
      summary: '1,000 domains to 10 servers, three of them with faults',
    },
    renewals: { runs: 'bench/renewals.ts', summary: '1,000 renewals at once, 50 of them by ACME' },
    vault: { runs: '--expose-gc bench/vault.ts', summary: 'the vault with thousands of rows' },
    window: { runs: 'bench/window.ts', summary: 'the window with 100, 1,000 and 10,000 rows' },
  },
  conformance: {
    accessibility: longForm('e2e', 'test/e2e/accessibility.e2e.ts', 'axe on every page, light and dark'),
    'acme-flood': { runs: 'test/conformance/acme-flood.ts', summary: 'hostile ACME clients for ten minutes' },
    clients: {
      runs: 'test/conformance/clients.ts',
      summary: 'browsers and other TLS clients beside the rule packs',
    },
    'clock-jumps': longForm(
      'integration',
      'test/integration/engine/clock-jumps.test.ts',
      'an engine whose clock jumps by seconds to years',
    ),
    'deadly-clients': {
      runs: 'test/conformance/deadly-clients.ts',
      summary: 'wait of other domains while clients of one end workers',
    },
    'desktop-quit': longForm(
      'e2e-desktop',
      'test/e2e-desktop/quit.e2e.ts',
      'every way to quit, with an engine in every state',
    ),
    'dev-servers': {
      runs: 'test/conformance/dev-servers.ts',
      summary: 'Vite, webpack and Next.js behind an edge',
    },
    develop: {
      runs: 'test/conformance/develop.ts',
      summary: 'real projects by "edgekeep run", with live updates in Chromium',
    },
    'edge-fuzz': {
      runs: 'test/conformance/edge-fuzz.ts',
      summary: 'hostile clients and origins for an hour',
    },
    files: { runs: 'test/conformance/fuzz.ts', summary: 'damaged certificate files for every parser' },
    'http2-fuzz': {
      runs: 'test/conformance/http2-fuzz.ts',
      summary: 'damaged frames of HTTP/2 beside nghttp2, for an hour',
    },
    guide: { runs: 'test/conformance/guide.ts', summary: 'every command of README and guide, as printed' },
    'http2-peers': longForm(
      'integration',
      'test/integration/edge/worker/http/http2-peers.test.ts',
      'HTTP/2 with browsers, other clients and proxies',
    ),
    limbo: { runs: 'test/conformance/run.ts', summary: 'x509-limbo, BetterTLS and PKITS in a folder' },
    meter: { runs: 'test/conformance/meter.ts', summary: 'a million requests, counted exactly' },
    'peer-certificates': longForm(
      'integration',
      'test/integration/platform/tls/peer-kinds.test.ts test/integration/platform/tls/peer-places.test.ts',
      'certificates of every kind, shown to every place that meets one',
    ),
    publish: longForm(
      'integration',
      'test/integration/engine/publish/publish.test.ts',
      'nginx, HAProxy, Caddy and Apache published to here, by SSH and in network namespaces, under load, broken at each step, rolled back',
    ),
    soak: { runs: 'test/conformance/soak.ts', summary: 'half an hour of mixed traffic, swaps and kills' },
    'vault-faults': {
      runs: 'test/conformance/vault-faults.ts',
      summary: 'each system call of the vault fails once',
    },
    'vault-kill': { runs: 'test/conformance/vault-kill.ts', summary: '500 kills of a working vault' },
    zlint: { runs: 'test/conformance/zlint.ts', summary: 'the lint beside zlint over a folder' },
  },
}

if (import.meta.main) {
  const [group = '', name = '', ...words] = process.argv.slice(2)
  const program = programs[group]?.[name]
  process.exitCode = program ? run(program.runs, words) : usage(group)
}

function run(runs: string, words: string[]): number {
  return (
    spawnSync(process.execPath, [...runs.split(' '), ...words], {
      stdio: 'inherit',
      env: { ...process.env, EDGEKEEP_LONG_FORM: '1' },
    }).status ?? 1
  )
}

function usage(group: string): number {
  const lines = Object.entries(programs[group] ?? {}).map(
    ([name, { summary }]) => `  ${name.padEnd(14)}${summary}\n`,
  )
  process.stderr.write(`npm run ${group} -- NAME [OPTIONS]\n${lines.join('')}`)
  return 2
}
