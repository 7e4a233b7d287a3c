import { newCost } from '../../src/engine/vault/derive-key.ts'

const asShipped = { ...newCost }
const cheap = { log2N: 14, atLeastMs: 0 }

/**
 * From now on keys are derived in this process by the same scrypt with an eighth of the memory and in one pass:
 * for what sets or gives passphrases and is about something else. Tests call `deriveCheaply`.
 */
export function cheapen(): void {
  Object.assign(newCost, cheap)
}

export function costAsShipped(): void {
  Object.assign(newCost, asShipped)
}

/** With the cost that the product has. */
export async function withFullCost<T>(act: () => Promise<T>): Promise<T> {
  costAsShipped()
  try {
    return await act()
  } finally {
    cheapen()
  }
}
