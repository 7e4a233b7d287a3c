import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync } from 'node:fs'
import { temporaryFolder } from '../temporary-folder.ts'

/** Unprivileged user with an empty home. */
export interface OrdinaryUser {
  /** Options for `spawn`: user, folder, and an environment without the variables of the test run. */
  as: { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv }
  home: string
}

/** `PATH` of an ordinary login. */
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** `nobody` if root runs the tests, else the current user. `more` is added to the environment. */
export function ordinaryUser(more: NodeJS.ProcessEnv = {}): OrdinaryUser {
  const home = temporaryFolder()
  // Trust beyond Node's own list, such as a proxy's certificate.
  const { NODE_EXTRA_CA_CERTS } = process.env
  const trust = NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS } : {}
  const env = { PATH: systemPath, LANG: 'C.UTF-8', HOME: home, ...trust, ...more }
  if (process.getuid?.() !== 0) return { as: { cwd: home, env }, home }
  const [uid, gid] = [idOf('-u'), idOf('-g')]
  chmodSync(home, 0o700)
  chownSync(home, uid, gid)
  return { as: { uid, gid, cwd: home, env }, home }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout)
}
