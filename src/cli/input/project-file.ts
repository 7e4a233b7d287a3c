import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { configurationHeading } from '../../contract/domains/configuration-heading.ts'
import { readFile } from './files.ts'

export const projectFileName = 'edgekeep.yaml'

export interface ProjectFile {
  folder: string
  text: string
}

/**
 * Reads the `edgekeep.yaml` in `folder`; null without one. An exported configuration of that name, which names
 * no project, is left alone.
 */
export function readProjectFile(folder: string): ProjectFile | null {
  const path = join(folder, projectFileName)
  if (!existsSync(path)) return null
  const text = Buffer.from(readFile(path).bytes).toString('utf8')
  const isExport = text.startsWith(configurationHeading) && !/^["']?project["']?\s*:/m.test(text)
  return isExport ? null : { folder, text }
}
