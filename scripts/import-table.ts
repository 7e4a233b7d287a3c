/** What one area of src may import of ours, besides itself. */
export interface Imports {
  /** Areas it may import from. */
  may: string[]
  /** Areas of which it may import types only. */
  types?: string[]
  /** Areas it may load with `import()` only. */
  dynamic?: string[]
  /** Files outside src it may import, relative to the checkout. */
  outside?: string[]
}

/**
 * Who may import whom, by area: a folder or a file of src, the longest path that fits. `*` stands for
 * one folder name, and two different names are two different areas. What is not listed is forbidden.
 */
export const importTable: Record<string, Imports> = {
  contract: { may: [], outside: ['package.json'] },
  clock: { may: [] },
  listeners: { may: [] },
  client: { may: ['contract'] },
  'engine/pki': { may: ['contract'] },
  'engine/vault': { may: ['contract'] },
  'engine/findings': { may: ['contract'] },
  'engine/edge/channel': { may: ['contract'], types: ['engine/findings'] },
  'engine/edge/supervisor': { may: ['contract', 'engine/edge/channel'], types: ['engine/findings'] },
  'engine/edge/worker': { may: ['contract', 'listeners', 'engine/edge/channel', 'engine/findings'] },
  'engine/network-guard': { may: ['engine/pki'] },
  'engine/issuing': {
    may: ['contract', 'listeners', 'engine/network-guard', 'engine/pki', 'engine/vault'],
  },
  'engine/trust': { may: ['listeners', 'engine/pki'], types: ['contract'] },
  'engine/names': { may: ['engine/trust', 'listeners'], types: ['contract'] },
  'engine/usage': { may: ['contract', 'engine/edge/channel', 'engine/vault'] },
  'engine/remote': { may: ['contract', 'engine/network-guard'] },
  log: { may: [] },
  'engine/log.ts': { may: ['log'] },
  'engine/services': {
    may: [
      'contract',
      'clock',
      'listeners',
      'engine/pki',
      'engine/vault',
      'engine/findings',
      'engine/edge/channel',
      'engine/edge/supervisor',
      'engine/issuing',
      'engine/trust',
      'engine/names',
      'engine/usage',
      'engine/remote',
      'engine/network-guard',
      'engine/log.ts',
      'log',
    ],
  },
  'engine/router': { may: ['contract', 'engine/services'], types: ['engine/pki'] },
  engine: {
    may: [
      'contract',
      'listeners',
      'engine/vault',
      'engine/edge/supervisor',
      'engine/log.ts',
      'engine/network-guard',
      'engine/services',
      'engine/router',
    ],
  },
  launch: {
    may: ['contract', 'client', 'log'],
    dynamic: ['engine', 'engine/log.ts', 'web'],
    outside: ['bin/pinned-node.mjs', 'bin/private-process.mjs'],
  },
  main: { may: ['contract', 'client', 'launch', 'log', 'web'] },
  preload: { may: ['contract'] },
  web: { may: ['contract', 'clock', 'listeners'] },
  cli: {
    may: [
      'contract',
      'client',
      'launch',
      'web',
      'engine/pki',
      'engine/trust',
      'engine/names',
      'engine/remote',
    ],
  },
  guide: { may: [] },
  renderer: { may: ['contract', 'client', 'renderer/features/*'] },
  'renderer/features/*': { may: ['contract', 'client', 'renderer'] },
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
  { packages: ['better-sqlite3'], areas: ['engine/vault', 'engine/usage'] },
  { packages: ['drizzle-orm', '@napi-rs/keyring'], areas: ['engine/vault'] },
  {
    packages: ['@orpc/*'],
    areas: ['contract', 'client', 'engine/router', 'engine', 'launch'],
  },
]

/** Folders of rules that run in the engine and in the window alike: they import no package and nothing of Node's. */
export const pureFolders: string[] = ['contract/rules']

/** What the process that begins with a file must not load, though some of what it could import does. */
export const leanTable: { entry: string; packages: string[]; reason: string }[] = [
  {
    entry: 'engine/edge/worker/worker.ts',
    packages: ['zod'],
    reason: 'the schemas would be in the memory of each worker',
  },
  {
    entry: 'engine/edge/worker/worker.ts',
    packages: ['node:http'],
    reason: 'an import of it evaluates all that it exports, and so loads fetch and websockets',
  },
]
