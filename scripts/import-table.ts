/** Imports that one area of src may have, besides its own. */
export interface Imports {
  may: string[]
  /** Areas for type imports only. */
  types?: string[]
  /** Areas for `import()` only. */
  dynamic?: string[]
  /** Files outside src, relative to the checkout. */
  outside?: string[]
}

/**
 * Allowed imports by area: a folder or a file of src, the longest matching path. `*` stands for one folder
 * name, and two different names are two different areas. Everything else is forbidden.
 */
export const importTable: Record<string, Imports> = {
  cli: {
    may: [
      'client',
      'containers',
      'containers/reader',
      'contract',
      'domain',
      'engine-process',
      'engine/lan',
      'engine/names',
      'engine/trust',
      'import',
      'pki',
      'platform/commands',
      'platform/files',
      'platform/listeners',
      'platform/log',
      'platform/processes',
      'platform/tls',
      'web',
    ],
    dynamic: ['engine/certificates', 'engine/inspect'],
    outside: ['bin/private-process.mjs'],
  },
  client: { may: ['contract'] },
  clock: { may: [] },
  containers: { may: ['contract'] },
  // The half without calls that change something, which is all that the engine has.
  'containers/reader': { may: ['containers', 'contract'] },
  contract: { may: [], outside: ['package.json'] },
  // Other projects load it: nothing but Node's own modules.
  dev: { may: [] },
  domain: { may: ['contract'] },
  'edge/protocol': { may: ['domain'], types: ['contract'] },
  'edge/supervisor': { may: ['contract', 'domain', 'edge/protocol', 'platform/processes'] },
  'edge/worker': {
    may: [
      'edge/protocol',
      'edge/worker/exchange',
      'edge/worker/http',
      'edge/worker/http1',
      'edge/worker/http2',
      'edge/worker/limits',
      'edge/worker/names',
      'edge/worker/observe',
      'edge/worker/policies',
      'edge/worker/tls',
      'platform/listeners',
      'platform/tls',
    ],
    types: ['contract'],
  },
  'edge/worker/exchange': {
    may: [
      'edge/worker/http',
      'edge/worker/limits',
      'edge/worker/observe',
      'edge/worker/origins',
      'edge/worker/policies',
      'edge/worker/static-files',
      'edge/worker/tls',
    ],
    types: ['contract', 'edge/protocol'],
  },
  'edge/worker/findings': { may: [], types: ['contract', 'edge/protocol'] },
  'edge/worker/http': { may: ['contract', 'domain'] },
  'edge/worker/http1': {
    may: ['edge/worker/exchange', 'edge/worker/http', 'edge/worker/limits', 'edge/worker/observe'],
  },
  'edge/worker/http2': {
    may: [
      'edge/worker/exchange',
      'edge/worker/http',
      'edge/worker/http2-protocol',
      'edge/worker/limits',
      'edge/worker/observe',
    ],
  },
  'edge/worker/http2-protocol': {
    may: ['edge/worker/http', 'edge/worker/limits'],
  },
  'edge/worker/limits': { may: ['domain'], types: ['edge/protocol'] },
  'edge/worker/names': { may: ['domain'], types: ['edge/protocol'] },
  'edge/worker/observe': {
    may: [
      'domain',
      'edge/protocol',
      'edge/worker/findings',
      'edge/worker/http',
      'edge/worker/limits',
      'edge/worker/origins',
      'edge/worker/tls',
    ],
    types: ['contract', 'edge/worker/policies'],
  },
  'edge/worker/origins': {
    may: ['domain', 'edge/protocol', 'edge/worker/http', 'edge/worker/http2-protocol', 'edge/worker/limits'],
    types: ['contract'],
  },
  'edge/worker/policies': {
    may: ['contract', 'domain', 'edge/protocol', 'edge/worker/http', 'edge/worker/limits'],
  },
  'edge/worker/static-files': {
    may: ['edge/protocol', 'edge/worker/http', 'edge/worker/policies'],
    types: ['contract', 'edge/worker/origins'],
  },
  'edge/worker/tls': {
    may: [
      'domain',
      'edge/protocol',
      'edge/worker/http',
      'edge/worker/limits',
      'platform/listeners',
      'platform/tls',
    ],
    types: ['contract'],
  },
  engine: {
    may: [
      'clock',
      'contract',
      'domain',
      'edge/supervisor',
      'engine/acme/client',
      'engine/acme/server',
      'engine/audit',
      'engine/backup',
      'engine/certificates',
      'engine/changes',
      'engine/configuration',
      'engine/containers',
      'engine/core',
      'engine/custody',
      'engine/develop',
      'engine/domains',
      'engine/findings',
      'engine/https',
      'engine/import',
      'engine/inspect',
      'engine/lan',
      'engine/local-authority',
      'engine/names',
      'engine/network-guard',
      'engine/notices',
      'engine/publish',
      'engine/renewal',
      'engine/serving',
      'engine/settings',
      'engine/setup',
      'engine/traffic',
      'engine/trust',
      'engine/usage',
      'engine/vault',
      'engine/watch',
      'platform/files',
      'platform/listeners',
      'platform/tls',
    ],
  },
  'engine-process': {
    may: ['client', 'contract', 'domain', 'platform/log', 'platform/tls'],
    dynamic: ['engine', 'engine/core', 'web'],
    outside: ['bin/pinned-node.mjs', 'bin/private-process.mjs'],
  },
  'engine/acme/client': {
    may: [
      'contract',
      'domain',
      'engine/acme/jose',
      'engine/certificates',
      'engine/core',
      'engine/network-guard',
      'pki',
    ],
    types: ['edge/protocol', 'engine/vault'],
  },
  'engine/acme/jose': { may: [] },
  'engine/acme/server': {
    may: [
      'clock',
      'contract',
      'domain',
      'edge/supervisor',
      'engine/acme/client',
      'engine/acme/jose',
      'engine/core',
      'engine/local-authority',
      'engine/names',
      'pki',
      'platform/listeners',
      'platform/tls',
    ],
    types: ['engine/vault'],
  },
  'engine/audit': { may: ['contract', 'engine/core'] },
  'engine/backup': {
    may: ['contract', 'domain', 'engine/core', 'engine/custody', 'engine/trust', 'engine/vault'],
  },
  'engine/certificates': {
    may: ['contract', 'domain', 'engine/core', 'engine/renewal-schedule', 'pki'],
    types: ['engine/vault'],
  },
  'engine/changes': { may: ['contract', 'engine/core', 'platform/commands'] },
  'engine/configuration': {
    may: ['contract', 'domain', 'engine/certificates', 'engine/core', 'engine/domains', 'pki'],
    types: ['engine/vault'],
  },
  'engine/containers': {
    may: ['containers/reader', 'contract', 'domain', 'engine/core', 'engine/https'],
  },
  'engine/core': {
    may: ['contract', 'domain', 'pki', 'platform/listeners', 'platform/log'],
    types: ['edge/supervisor', 'engine/vault'],
  },
  'engine/custody': {
    may: ['clock', 'contract', 'domain', 'engine/core', 'engine/settings', 'engine/vault'],
    types: ['engine/inspect'],
  },
  'engine/develop': {
    may: [
      'contract',
      'domain',
      'engine/certificates',
      'engine/configuration',
      'engine/core',
      'engine/domains',
      'engine/https',
      'engine/local-authority',

      'pki',
      'platform/files',
    ],
    types: ['edge/protocol', 'engine/trust'],
  },
  'engine/domains': {
    may: [
      'contract',
      'domain',
      'edge/protocol',
      'edge/worker/findings',
      'engine/certificates',
      'engine/core',
      'pki',
      'platform/files',
      'platform/tls',
    ],
    types: ['engine/vault'],
  },
  'engine/findings': {
    may: ['domain', 'engine/core', 'engine/domains'],
    types: ['contract', 'edge/protocol'],
  },
  'engine/https': {
    may: [
      'contract',
      'domain',
      'engine/acme/client',
      'engine/certificates',
      'engine/core',
      'engine/domains',
      'engine/local-authority',
      'engine/renewal-schedule',
      'pki',
    ],
    types: ['engine/inspect', 'engine/vault'],
  },
  'engine/import': {
    may: [
      'contract',
      'domain',
      'engine/certificates',
      'engine/configuration',
      'engine/core',
      'engine/domains',
      'import',
      'pki',
    ],
  },
  'engine/inspect': {
    may: [
      'clock',
      'contract',
      'domain',
      'engine/certificates',
      'engine/core',
      'engine/network-guard',
      'pki',
      'platform/tls',
    ],
  },
  'engine/lan': { may: ['contract', 'domain', 'engine/core', 'engine/domains'] },
  'engine/local-authority': {
    may: [
      'contract',
      'domain',
      'edge/supervisor',
      'engine/certificates',
      'engine/core',
      'pki',
      'platform/listeners',
    ],
    types: ['engine/vault'],
  },
  'engine/names': {
    may: [
      'contract',
      'domain',
      'edge/supervisor',
      'engine/changes',
      'engine/core',
      'engine/domains',
      'engine/settings',
      'engine/trust',
      'pki',
      'platform/commands',
      'platform/files',
      'platform/listeners',
      'platform/processes',
    ],
  },
  'engine/network-guard': { may: ['domain', 'pki'] },
  'engine/notices': {
    may: ['contract', 'domain', 'engine/certificates', 'engine/core', 'engine/network-guard', 'engine/trust'],
    types: ['engine/vault'],
  },
  'engine/publish': {
    may: [
      'contract',
      'domain',
      'engine/acme/client',
      'engine/certificates',
      'engine/core',
      'engine/domains',
      'engine/https',
      'engine/local-authority',
      'engine/renewal-schedule',
      'pki',
      'platform/tls',
    ],
    types: ['engine/inspect', 'engine/vault'],
  },
  'engine/renewal': {
    may: [
      'contract',
      'domain',
      'engine/acme/client',
      'engine/certificates',
      'engine/core',
      'engine/domains',
      'engine/local-authority',
      'engine/renewal-schedule',
      'pki',
    ],
    types: ['engine/vault'],
  },
  'engine/renewal-schedule': { may: ['domain'], types: ['contract', 'engine/vault'] },
  'engine/serving': {
    may: [
      'edge/protocol',
      'engine/certificates',
      'engine/core',
      'engine/custody',
      'engine/network-guard',
      'engine/renewal-schedule',
      'pki',
    ],
    types: ['contract', 'edge/supervisor', 'engine/trust', 'engine/vault'],
  },
  'engine/settings': { may: ['contract', 'edge/supervisor', 'engine/core', 'engine/vault'] },
  'engine/setup': {
    may: [
      'contract',
      'domain',
      'engine/certificates',
      'engine/changes',
      'engine/core',
      'engine/domains',
      'engine/https',
      'engine/names',
      'engine/settings',
      'engine/trust',
      'pki',
      'platform/commands',
    ],
    types: ['engine/vault'],
  },
  'engine/traffic': {
    may: ['clock', 'contract', 'engine/core', 'platform/log'],
    types: ['edge/protocol', 'engine/vault'],
  },
  'engine/trust': {
    may: [
      'contract',
      'domain',
      'engine/changes',
      'engine/core',
      'engine/local-authority',
      'pki',
      'platform/commands',
      'platform/files',
      'platform/listeners',
    ],
    types: ['edge/protocol', 'engine/traffic', 'engine/vault'],
  },
  'engine/usage': {
    may: ['contract', 'domain', 'edge/protocol', 'engine/core', 'engine/trust', 'engine/vault', 'pki'],
  },
  'engine/vault': { may: ['contract', 'domain', 'platform/files'] },
  'engine/watch': {
    may: ['contract', 'domain', 'engine/certificates', 'engine/core', 'engine/inspect', 'pki'],
    types: ['engine/vault'],
  },
  guide: { may: [] },
  import: { may: ['contract', 'domain', 'platform/files'] },
  main: { may: ['client', 'contract', 'domain', 'engine-process', 'platform/log', 'web'] },
  pki: { may: ['contract', 'domain'] },
  'platform/commands': { may: [], types: ['contract'] },
  'platform/files': { may: [] },
  'platform/listeners': { may: [] },
  'platform/log': { may: [] },
  'platform/processes': { may: ['platform/listeners'], types: ['contract'] },
  'platform/tls': { may: [] },
  preload: { may: [], types: ['contract'] },
  renderer: { may: ['client', 'contract', 'domain', 'renderer/features/*'] },
  'renderer/features/*': { may: ['client', 'contract', 'domain', 'renderer'] },
  web: { may: ['clock', 'contract', 'platform/listeners'] },
}

/** Packages that only some areas may import; the rest are free to all. */
export const packageTable: { packages: string[]; areas: string[] }[] = [
  { packages: ['electron'], areas: ['main', 'preload'] },
  {
    packages: [
      'react',
      'react-dom',
      'react-i18next',
      'i18next',
      '@mantine/*',
      '@tabler/*',
      'zustand',
      'wouter',
    ],
    areas: ['renderer', 'renderer/features/*'],
  },
  // The edge has an HTTP/2 of its own (docs/decisions/0005-edge-data-path.md).
  { packages: ['node:http2'], areas: ['engine/domains'] },
  { packages: ['better-sqlite3'], areas: ['engine/vault', 'engine/usage', 'import'] },
  { packages: ['drizzle-orm', '@napi-rs/keyring'], areas: ['engine/vault'] },
  {
    packages: ['@orpc/*'],
    areas: ['contract', 'client', 'engine', 'engine/core', 'engine-process'],
  },
]

/** Folders of rules that run in the engine and in the window alike: no packages and no Node modules. */
export const pureFolders: string[] = ['domain']

/** Packages that a process with this entry must not load, even through allowed imports. */
export const leanTable: { entry: string; packages: string[]; reason: string }[] = [
  {
    entry: 'edge/worker/worker.ts',
    packages: ['zod'],
    reason: 'the schemas would be in the memory of each worker',
  },
  {
    entry: 'edge/worker/worker.ts',
    packages: ['node:http'],
    reason: 'an import of it evaluates all that it exports, and so loads fetch and websockets',
  },
]

/**
 * Folders that still import each other, with the reason; no others may. A `*` stands for one folder. A row
 * that no pair needs is reported, so the list only shrinks.
 */
export const mutualTable: { folders: [string, string]; reason: string }[] = [
  {
    folders: ['cli', 'cli/commands/*'],
    reason: 'commands share the frame of cli, which lists them and lends some of their parts',
  },
  { folders: ['engine/vault', 'engine/vault/*'], reason: 'tables and their files are one database' },
  { folders: ['pki', 'pki/formats'], reason: 'limits and byte readers stand at the root' },
  { folders: ['pki/preflight', 'pki/preflight/*'], reason: 'packs are made of rules, and listed by them' },
  { folders: ['renderer', 'renderer/app'], reason: 'the entry and its frame' },
  { folders: ['renderer/features/*', 'renderer/features/*/*'], reason: 'one feature in several folders' },
  { folders: ['renderer/features/*/*', 'renderer/features/*/*/*'], reason: 'one feature in several folders' },
]
