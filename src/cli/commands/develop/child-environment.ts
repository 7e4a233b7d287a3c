import { setAsideVariable } from '../../../../bin/private-process.mjs'
import { delimiter, join } from 'node:path'
import type { Run } from '../../../contract/develop/runs.ts'
import type { TrustVariable } from '../../../engine/trust/env.ts'
import { foldersUpTo } from './package-file.ts'
import type { Service } from './run-plan.ts'

/** It repeats the person's wget settings, which are not for every server. */
const left = 'WGETRC'

interface Addresses {
  own: Run | undefined
  siblings: Run[]
  trust: Pick<TrustVariable, 'name' | 'value'>[]
}

interface Surrounding extends Addresses {
  project: string
  port: number
  /** Environment of the person. */
  given: NodeJS.ProcessEnv
}

/**
 * Environment of a server: port and host, trust in the local authority, its address and those of its
 * siblings, and the programs of its packages. A trust variable that is set stays.
 */
export function childEnvironment(service: Service, around: Surrounding): NodeJS.ProcessEnv {
  const { port, own, given } = around
  // "Path" on Windows.
  const path = Object.keys(given).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const env: NodeJS.ProcessEnv = { ...trustVariables(around), ...given, ...addressVariables(around) }
  if (own) Object.assign(env, { PORT: String(port), HOST: '127.0.0.1' })
  Object.assign(env, service.framework?.environment?.(port))
  env[path] = [...binFolders(service.folder, around.project), given[path] ?? ''].join(delimiter)
  return env
}

/** Trust in the local authority. */
export function trustVariables({ trust }: Pick<Addresses, 'trust'>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {}
  for (const { name, value } of trust) if (name !== left) env[name] = value
  return env
}

/** `EDGEKEEP_URL`, and `EDGEKEEP_URL_API` for a service named `api`. */
export function addressVariables({ own, siblings }: Pick<Addresses, 'own' | 'siblings'>): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = own ? { EDGEKEEP_URL: own.address } : {}
  for (const { service, address } of siblings)
    env[`EDGEKEEP_URL_${service.toUpperCase().replaceAll('-', '_')}`] = address
  return env
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
