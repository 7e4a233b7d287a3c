import { newCost } from '../../src/engine/vault/derive-key.ts'

const asShipped = { ...newCost }
const cheap = { log2N: 14, atLeastMs: 0 }

/**
 * For tests that set or give passphrases and are about something else: keys are derived by the same scrypt
 * with an eighth of the memory and in one pass, in the process that imports this.
 */
Object.assign(newCost, cheap)

/** With the cost that the product has. */
export async function withFullCost<T>(act: () => Promise<T>): Promise<T> {
  Object.assign(newCost, asShipped)
  try {
    return await act()
  } finally {
    Object.assign(newCost, cheap)
  }
}
