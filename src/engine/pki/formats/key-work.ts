import { createHmac, randomBytes } from 'node:crypto'
import { deriveElsewhere } from './derive-elsewhere.ts'
import { loadRc2, rc2 } from './forge-rc2.ts'
import { costOf, type Derivation } from './key-derivation.ts'
import { limits } from '../limits.ts'
import { rememberedKeys } from './remembered-keys.ts'
import { createAllowance, createWorkBudget, NotYet, type WorkBudget } from '../work-budget.ts'

export interface KeyWorkOptions {
  /** Ends the work; what awaits it throws the signal's reason. */
  signal?: AbortSignal | undefined
  /** How much is done, from 0 to 1; only told where it takes a while. */
  onProgress?: ((done: number) => void) | undefined
}

/**
 * Reading and opening is done in one go on this thread; what it cannot do there (a long derivation, RC2)
 * ends it with `NotYet`, is done elsewhere, and then `attempt` runs again with the result at hand.
 * It may run often, and has to undo what it made when it throws or `hasNeeds` is true after it.
 * @throws what `attempt` throws, and the signal's reason
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
  const needed = new Map<string, Derivation>()
  const spend = createAllowance(limits.openingRounds, limits.openingWork)
  let needsRc2 = false
  let planned = 0
  let done = 0

  function budget(): WorkBudget {
    const small = createWorkBudget()
    return {
      derive(...derivations) {
        const isHere = derivations.map((derivation) => derive(derivation, small))
        const missing = isHere.includes(undefined)
        if (!missing) return isHere.filter((key) => key !== undefined)
        for (const key of isHere) key?.fill(0)
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
      trial: createWorkBudget,
    }
  }

  function derive(derivation: Derivation, small: WorkBudget): Buffer | undefined {
    if (costOf(derivation).work <= limits.smallDerivation) return small.derive(derivation)[0]
    const id = idOf(derivation)
    const known = keys.get(id) ?? rememberedKeys.get(id)
    if (known) return Buffer.from(known)
    needed.set(id, derivation)
    return undefined
  }

  async function meet(): Promise<void> {
    if (needsRc2) await loadRc2()
    needsRc2 = false
    for (const [id, derivation] of needed) {
      spend(derivation)
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
    for (const [id, key] of keys) {
      rememberedKeys.keep(id, key)
      key.fill(0)
    }
    keys.clear()
  }

  return { budget, meet, forget, hasNeeds: () => needsRc2 || needed.size > 0 }
}

const idKey = randomBytes(32)

/** A name for a derivation that says nothing of its passphrase. */
function idOf(derivation: Derivation): string {
  const mac = createHmac('sha256', idKey)
  for (const [name, value] of Object.entries(derivation))
    mac
      .update(`${name}:`)
      .update(Buffer.isBuffer(value) ? value : String(value))
      .update('\0')
  return mac.digest('base64')
}
