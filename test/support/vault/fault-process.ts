import { accessSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { ProtectorFailure, type KeyProtector } from '../../../src/engine/vault/key-protector/key-protector.ts'
import { cheapen } from './cheap-derivation.ts'
import { stateOf, violationIn } from './fault-checks.ts'
import { keychainScenarios, makeContext, openAt, scenariosOf, type Scenario } from './fault-scenarios.ts'
import { heldKeychain } from './held-keychain.ts'

/**
 * Runs the operations of a vault under `fault-injection.c`, with another step failing each time, and prints a line
 * of JSON for each: `fault-process.ts FOLDER MODES [NAME…]`. Modes are those of the library, and `k`: the calls of a
 * keychain.
 */
cheapen()
const [, , folder, modes = '', ...names] = process.argv
if (!folder) throw new Error('Give a folder.')

/** Failing step, and if the operation reached it. */
interface Fault {
  arm(home: string, number: number): void
  wasReached(number: number): boolean
}

const eio = 5
const systemCalls = (mode: string): Fault => ({
  arm: (home, number) => accessSync(`/.fault/${mode}/${number}/${eio}${home}`),
  wasReached(number) {
    try {
      accessSync(`/.fault/reached/${number}`)
      return true
    } catch {
      return false
    }
  },
})

const context = await makeContext(folder)
const isWanted = ({ name }: Scenario) => names.length === 0 || names.includes(name)
const callModes = [...modes].filter((mode) => mode !== 'k')
if (callModes.length > 0)
  for (const scenario of scenariosOf(context).filter(isWanted))
    await runScenario(
      scenario,
      callModes.map((mode) => [mode, systemCalls(mode)]),
    )
if (modes.includes('k')) {
  const { keychain, fault, snapshot } = failingKeychain()
  for (const scenario of keychainScenarios({ ...context, keychain }).filter(isWanted))
    await runScenario(scenario, [['k', fault]], { keychain, snapshot })
}

interface KeychainParts {
  keychain: KeyProtector
  /** Remembers the current keys; returns a function that restores them. */
  snapshot(): () => void
}

async function runScenario(
  scenario: Scenario,
  faults: [string, Fault][],
  parts?: KeychainParts,
): Promise<void> {
  const template = join(mkdtempSync(join(folder!, 'scenario-')), 'home')
  await scenario.prepare(template)
  const putBack = parts?.snapshot()
  const fresh = () => {
    putBack?.()
    return copyOf(template)
  }
  const keychain = parts?.keychain
  const before = await stateOf(fresh(), keychain)
  const { home } = await actIn(scenario, fresh(), keychain)
  const after = await stateOf(home, keychain)
  const report = { name: scenario.name, faults: 0, done: 0, refused: 0, violations: [] as string[] }
  for (const [mode, fault] of faults)
    for (let number = 1; ; number += 1) {
      const outcome = await actIn(scenario, fresh(), keychain, { fault, number })
      if (!outcome.wasReached) break
      report.faults += 1
      report[outcome.error ? 'refused' : 'done'] += 1
      const known = { scenario, keychain, before, after, isCutOff: mode === 's' }
      const violation = await violationIn({ ...outcome, ...known })
      if (violation) report.violations.push(`${mode}${number}: ${violation}`)
    }
  console.log(JSON.stringify({ ...report, changes: !isDeepStrictEqual(before, after), keychain: !!keychain }))
}

function copyOf(template: string): string {
  const home = join(template, '../..', 'work')
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { mode: 0o700 })
  cpSync(template, home, { recursive: true })
  return home
}

async function actIn(
  scenario: Scenario,
  home: string,
  keychain?: KeyProtector,
  failing?: { fault: Fault; number: number },
) {
  const vault = scenario.opens ? await openAt(home, keychain) : undefined
  let warnings: string[] = []
  let error: unknown
  failing?.fault.arm(home, failing.number)
  try {
    warnings = await scenario.act(vault!, home)
  } catch (thrown) {
    error = thrown
  }
  const wasReached = failing?.fault.wasReached(failing.number) ?? false
  // Closing is part of a kill: the files stay as they are.
  if (process.env['LD_PRELOAD'] && !wasReached) accessSync('/.fault/off')
  vault?.close()
  if (process.env['LD_PRELOAD']) accessSync('/.fault/off')
  failing?.fault.arm('', 0)
  return { home, warnings, error, wasReached }
}

/** Fails each call once before and once after it is done. */
function failingKeychain() {
  const { protector, held } = heldKeychain()
  let count = 0
  let target = 0
  const around = async <T>(act: () => Promise<T>): Promise<T> => {
    count += 2
    const fail = () => {
      throw new ProtectorFailure('the keychain of this machine does not answer')
    }
    if (target > 0 && count === target + 1) fail()
    const done = await act()
    if (target > 0 && count === target) fail()
    return done
  }
  const keychain: KeyProtector = {
    ...protector,
    establish: (name) => around(() => protector.establish(name)),
    recover: (name) => around(() => protector.recover(name)),
    forget: (name) => around(() => protector.forget(name)),
  }
  const fault: Fault = {
    arm: (_home, number) => {
      count = 0
      target = number
    },
    wasReached: (number) => count >= number,
  }
  const snapshot = () => {
    const keys = new Map(held)
    return () => {
      held.clear()
      for (const [name, key] of keys) held.set(name, key)
    }
  }
  return { keychain, fault, snapshot }
}
