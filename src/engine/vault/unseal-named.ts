import { EdgekeepError } from '../../contract/errors/registry.ts'
import { BrokenSeal, unseal, type SealBinding } from './seal.ts'

/**
 * Opens a sealed secret that has a name for people; the caller zeroes it.
 * @throws `key.unsealable` with that name if there is none or it does not open
 */
export function unsealNamed(key: Buffer, sealed: Buffer | null, binding: SealBinding, name: string): Buffer {
  if (!sealed) throw new EdgekeepError('key.unsealable', { name })
  try {
    return unseal(key, sealed, binding)
  } catch (error) {
    if (!(error instanceof BrokenSeal)) throw error
    throw new EdgekeepError('key.unsealable', { name }, { cause: error })
  }
}
