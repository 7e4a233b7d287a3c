import { wipedTogether } from '../../domain/secret-bytes.ts'
import { createHmac, randomBytes } from 'node:crypto'
import { deriveElsewhere } from './derive-elsewhere.ts'
import { loadRc2, rc2 } from './forge-rc2.ts'
import { costOf, type Derivation, deriveNow } from './key-derivation.ts'
import { limits } from '../limits.ts'
import { rememberedKeys } from './remembered-keys.ts'
import { createAllowance, createWorkBudget, NotYet, type WorkBudget } from '../work-budget.ts'

export interface KeyWorkOptions {
  /** Aborts the work; its promise rejects with the signal's reason. */
  signal?: AbortSignal
  /** Progress from 0 to 1, reported only for long work. */
  onProgress?: ((done: number) => void) | undefined
}

/**
 * Runs `attempt` on this thread. If it needs a long derivation or RC2, it throws `NotYet`; that work runs on
 * another thread, then `attempt` runs again with the result. It may run often, and has to undo its effects
 * when it throws or `hasNeeds` is true after it.
 * @throws the errors of `attempt`, and the signal's reason
 */
export async function withKeyWork<T>(
  options: KeyWorkOptions,
  attempt: (budget: WorkBudget) => T,
  undo: (made: T) => void = () => undefined,
): Promise<T> {
  const work = createKeyWork(options)
  try {
    for (;;) {
      options.signal?.throwIfAborted()
      const made = attemptOnce(() => attempt(work.budget()))
      if (made !== undefined && !work.hasNeeds()) return made.value
      if (made !== undefined) undo(made.value)
      await work.meet()
    }
  } finally {
    work.forget()
  }
}

function attemptOnce<T>(attempt: () => T): { value: T } | undefined {
  try {
    return { value: attempt() }
  } catch (error) {
    if (error instanceof NotYet) return undefined
    throw error
  }
}

function createKeyWork({ signal, onProgress }: KeyWorkOptions) {
  const keys = new Map<string, Buffer>()
  /** Derivations on this thread, each done once, however often `attempt` runs. */
  const here = rememberedIn(createAllowance(limits.derivationRounds, limits.derivationWork))
  const trials = rememberedIn(createAllowance(limits.trialWork, limits.trialWork))
  const needed = new Map<string, Derivation>()
  const spend = createAllowance(limits.openingRounds, limits.openingWork)
  let needsRc2 = false
  let planned = 0
  let done = 0

  function budget(): WorkBudget {
    const small = createWorkBudget()
    const trialBudget: WorkBudget = {
      ...small,
      derive: (...derivations) => derivations.map((derivation) => trials.derive(derivation)),
      trial: () => trialBudget,
    }
    return {
      hash: small.hash,
      derive(...derivations) {
        const isHere = derivations.map(derive)
        const missing = isHere.includes(undefined)
        if (!missing) return isHere.filter((key) => key !== undefined)
        using _made = wipedTogether(isHere.filter((key) => key !== undefined))
        throw new NotYet()
      },
      rc2() {
        const decrypt = rc2()
        if (decrypt) return decrypt
        needsRc2 = true
        throw new NotYet()
      },
      plan(work) {
        planned = Math.max(planned, work)
      },
      trial: () => trialBudget,
    }
  }

  function derive(derivation: Derivation): Buffer | undefined {
    if (costOf(derivation).work <= limits.smallDerivation) return here.derive(derivation)
    const id = idOf(derivation)
    const known = keys.get(id) ?? rememberedKeys.get(id)
    if (known) return Buffer.from(known)
    // The attempt reports excessive costs, because it knows the place.
    if (!needed.has(id)) spend(derivation)
    needed.set(id, derivation)
    return undefined
  }

  async function meet(): Promise<void> {
    if (needsRc2) await loadRc2()
    needsRc2 = false
    for (const [id, derivation] of needed) {
      const onWork = (work: number) => {
        done += work
        onProgress?.(Math.min(1, done / Math.max(planned, done)))
      }
      onWork(0)
      const key = await deriveElsewhere(derivation, { signal, onWork })
      keys.set(id, key)
    }
    needed.clear()
  }

  function forget(): void {
    using _keys = wipedTogether([...keys.values()])
    for (const [id, key] of keys) rememberedKeys.keep(id, key)
    keys.clear()
    here.forget()
    trials.forget()
  }

  return { budget, meet, forget, hasNeeds: () => needsRc2 || needed.size > 0 }
}

/** Derives on this thread within `spend`, each derivation once. The caller zeroes each result. */
function rememberedIn(spend: (derivation: Derivation) => void) {
  const made = new Map<string, Buffer>()
  return {
    derive(derivation: Derivation): Buffer {
      const id = idOf(derivation)
      const known = made.get(id)
      if (known) return Buffer.from(known)
      spend(derivation)
      const key = deriveNow(derivation)
      made.set(id, key)
      return Buffer.from(key)
    },
    forget(): void {
      using _keys = wipedTogether([...made.values()])
      made.clear()
    },
  }
}

const idKey = randomBytes(32)

/** An id for a derivation that does not reveal its passphrase. */
function idOf(derivation: Derivation): string {
  const mac = createHmac('sha256', idKey)
  for (const [name, value] of Object.entries(derivation))
    mac
      .update(`${name}:`)
      .update(Buffer.isBuffer(value) ? value : String(value))
      .update('\0')
  return mac.digest('base64')
}
