import { setAsideVariable } from '../../../../bin/private-process.mjs'
import { delimiter, join } from 'node:path'
import type { Run } from '../../../contract/develop/runs.ts'
import type { TrustVariable } from '../../../engine/trust/env.ts'
import { foldersUpTo } from './package-file.ts'
import type { Service } from './run-plan.ts'

/** It repeats the person's wget settings, which are not for every server. */
const left = 'WGETRC'

interface Surrounding {
  project: string
  port: number
  own: Run | undefined
  siblings: Run[]
  trust: Pick<TrustVariable, 'name' | 'value'>[]
  /** Environment of the person. */
  given: NodeJS.ProcessEnv
}

/**
 * Environment of a server: port and host, trust in the local authority, its address and those of its
 * siblings, and the programs of its packages. A trust variable that is set stays.
 */
export function childEnvironment(service: Service, around: Surrounding): NodeJS.ProcessEnv {
  const { port, own, siblings, given } = around
  // "Path" on Windows.
  const path = Object.keys(given).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const env: NodeJS.ProcessEnv = { ...given }
  for (const { name, value } of around.trust) if (name !== left) env[name] ??= value
  if (own) Object.assign(env, { PORT: String(port), HOST: '127.0.0.1', EDGEKEEP_URL: own.address })
  Object.assign(env, service.framework?.environment?.(port))
  for (const run of siblings) env[urlVariable(run.service)] = run.address
  env[path] = [...binFolders(service.folder, around.project), given[path] ?? ''].join(delimiter)
  return env
}

/** `EDGEKEEP_URL_API` for a service named `api`. */
function urlVariable(service: string): string {
  return `EDGEKEEP_URL_${service.toUpperCase().replaceAll('-', '_')}`
}

/** Folders of installed programs, as a package manager adds them to the path of a script. */
function binFolders(folder: string, project: string): string[] {
  return foldersUpTo(project, folder).map((at) => join(at, 'node_modules', '.bin'))
}

/**
 * Takes the person's environment out of that of this process, which lacks Node's variables: the launcher set
 * them aside.
 */
export function takePersonEnvironment(environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const aside = environment[setAsideVariable]
  delete environment[setAsideVariable]
  return { ...environment, ...(aside === undefined ? {} : (JSON.parse(aside) as NodeJS.ProcessEnv)) }
}
