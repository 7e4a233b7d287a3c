/*
 * How a process that opens the vault is started: the engine, and the command line, which opens the vault itself
 * where no engine runs. Plain JavaScript, because the launcher needs it before there is a build.
 */

/**
 * Program and arguments that run `args` on `node` without a core dump, which would hold every key that is open,
 * and deaf to SIGUSR1, at which Node would open its inspector for every user of this computer. Only a shell can
 * set the limit without native code; processes that are started from there inherit it. `exec` leaves Node in the
 * shell's place, with its pid.
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
 * What another process of ours inherits: of Node's variables only the anchors that it trusts. The others open a
 * debugger, load code, write what is measured to files or switch the verification of certificates off.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentForChildren(environment = process.env) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isInherited(name.toUpperCase())))
}

/** @param {string} name */
function isInherited(name) {
  if (name === 'NODE_EXTRA_CA_CERTS' || name === 'NODE_ENV') return true
  return !name.startsWith('NODE_') && name !== 'ELECTRON_RUN_AS_NODE'
}
