/*
 * Starts a process that opens the vault: the engine, or the command line when no engine runs. Plain
 * JavaScript, because the launcher needs it before there is a build.
 */

/**
 * Program and arguments that run `args` on `node` without a core dump, which would contain every open key,
 * and with SIGUSR1 disabled, which would open Node's inspector for every user of this computer. Without
 * native code only a shell can set the limit; child processes inherit it. `exec` replaces the shell with
 * Node, under the same pid.
 *
 * @param {string} node
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function privateProcess(node, args) {
  const own = ['--disable-sigusr1', ...args]
  if (process.platform === 'win32') return [node, own]
  return ['/bin/sh', ['-c', 'ulimit -c 0; exec "$0" "$@"', node, ...own]]
}

/**
 * Environment for child processes: of Node's variables only the extra trust anchors. The others open a
 * debugger, load code, write measurements to files or switch off the verification of certificates.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentForChildren(environment = process.env) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isInherited(name.toUpperCase())))
}

/** Variable of the command line with the variables that `environmentForChildren` leaves out, as JSON. */
export const setAsideVariable = 'EDGEKEEP_NODE_VARIABLES'

/**
 * Sets aside what `environmentForChildren` leaves out: a development server that "edgekeep run" starts gets the
 * person's own environment.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {NodeJS.ProcessEnv}
 */
export function setAside(environment = process.env) {
  const left = Object.entries(environment).filter(([name]) => !isInherited(name.toUpperCase()))
  return left.length > 0 ? { [setAsideVariable]: JSON.stringify(Object.fromEntries(left)) } : {}
}

/** @param {string} name */
function isInherited(name) {
  if (name === 'NODE_EXTRA_CA_CERTS' || name === 'NODE_ENV') return true
  return !name.startsWith('NODE_') && name !== 'ELECTRON_RUN_AS_NODE'
}
