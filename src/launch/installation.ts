import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { EdgekeepError } from '../contract/errors.ts'

/** Where the parts of this Edgekeep lie: a checkout, or the folder a package put in its place. */
export interface Installation {
  root: string
  /** Built entry of the engine, for the pinned Node. */
  engineEntry: string
  /** Built entry of the process that only looks into files, likewise. */
  inspectOnlyEntry: string
  /** Built pages of the window. */
  rendererFolder: string
}

/** The installation this code belongs to, found upwards from its own file. Throws `install.incomplete`. */
export function findInstallation(from: string = import.meta.dirname): Installation {
  for (let folder = from; ; folder = dirname(folder)) {
    if (isOurs(join(folder, 'package.json'))) return installationAt(folder)
    if (folder === dirname(folder)) throw new EdgekeepError('install.incomplete', { part: 'package.json' })
  }
}

function installationAt(root: string): Installation {
  return {
    root,
    engineEntry: join(root, 'out', 'node', 'engine.js'),
    inspectOnlyEntry: join(root, 'out', 'node', 'inspect-only.js'),
    rendererFolder: join(root, 'out', 'renderer'),
  }
}

function isOurs(manifest: string): boolean {
  if (!existsSync(manifest)) return false
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'edgekeep'
}
