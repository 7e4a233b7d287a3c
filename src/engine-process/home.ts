import { EdgekeepError } from '../contract/errors/registry.ts'
import { makeHome, reasonOf, UnusableFolder, type Home } from './home-folder.ts'

export type { Home } from './home-folder.ts'

/** Same as `makeHome`; throws `home.unusable` if the folder is not private to this user. */
export function openHome(folder?: string, environment: NodeJS.ProcessEnv = process.env): Home {
  try {
    return makeHome(folder, environment)
  } catch (error) {
    throw error instanceof UnusableFolder ? unusableHome(error) : error
  }
}

/** Builds `home.unusable` with the reason of `makeHome` or of a system error on a file of the home. */
export function unusableHome(error: unknown): EdgekeepError<'home.unusable'> {
  const reason = error instanceof UnusableFolder ? error.message : reasonOf(error)
  return new EdgekeepError('home.unusable', { reason }, { cause: error })
}
