import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'

/*
 * Loaded before the engine by `--import` in tests under libfaketime. The supervisor starts workers with a short list
 * of variables; this adds the library's to it, so that engine and workers read one clock. The product has no such way.
 */

const inherited = Object.entries(process.env).filter(
  ([name]) => name === 'LD_PRELOAD' || name.startsWith('FAKETIME') || name === 'NO_FAKE_STAT',
)
const { fork } = childProcess
childProcess.fork = (entry, args, options) =>
  fork(entry, args, { ...options, env: { ...options?.env, ...Object.fromEntries(inherited) } })
syncBuiltinESMExports()
