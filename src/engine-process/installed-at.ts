import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface Installation {
  /**
   * `checkout`: sources and all packages, with Electron's if its download worked. `npm`: the npm package,
   * which has no desktop app. `desktop`: installed by an installer.
   */
  kind: 'checkout' | 'npm' | 'desktop'
  /** Folder of `package.json`, pages and pictures. In the desktop app an archive that only Electron reads. */
  root: string
  /** Folder of the pinned Node and its scripts: always a folder, and outside that archive. */
  nodeRoot: string
  /** Built entry of the engine, for the pinned Node. */
  engineEntry: string
  /** Built entry of the process that only inspects files, likewise. */
  inspectOnlyEntry: string
  rendererFolder: string
}

/** Resources of an installed desktop app: Electron's archive, and the folder for the pinned Node. */
const archive = 'app.asar'
const nodeFolder = 'engine'

/** Finds the installation of this code upwards from its own file; null without `package.json`. */
export function lookForInstallation(from: string = import.meta.dirname): Installation | null {
  for (let folder = from; ; folder = dirname(folder)) {
    if (isOurs(join(folder, 'package.json'))) return installationAt(folder)
    if (folder === dirname(folder)) return null
  }
}

function installationAt(root: string): Installation {
  const kind = kindOf(root)
  const nodeRoot = kind === 'desktop' ? join(dirname(root), nodeFolder) : root
  return {
    kind,
    root,
    nodeRoot,
    engineEntry: join(nodeRoot, 'out', 'node', 'engine.js'),
    inspectOnlyEntry: join(nodeRoot, 'out', 'node', 'inspect-only.js'),
    rendererFolder: join(root, 'out', 'renderer'),
  }
}

function kindOf(root: string): Installation['kind'] {
  if (existsSync(join(root, 'src'))) return 'checkout'
  const isDesktop = [archive, nodeFolder].includes(basename(root)) && existsSync(join(dirname(root), archive))
  return isDesktop ? 'desktop' : 'npm'
}

function isOurs(manifest: string): boolean {
  if (!existsSync(manifest)) return false
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'edgekeep'
}
