import { newCost } from '../../../src/engine/vault/derive-key.ts'

const asShipped = { ...newCost }
const cheap = { log2N: 14, atLeastMs: 0 }

/**
 * Derives keys of this process by the same scrypt, with an eighth of the memory and in one pass: for tests
 * that use passphrases but are about something else. Tests call `deriveCheaply`.
 */
export function cheapen(): void {
  Object.assign(newCost, cheap)
}

export function costAsShipped(): void {
  Object.assign(newCost, asShipped)
}

/** Runs `act` with the shipped cost. */
export async function withFullCost<T>(act: () => Promise<T>): Promise<T> {
  costAsShipped()
  try {
    return await act()
  } finally {
    cheapen()
  }
}
