import { EdgekeepError } from '../contract/errors.ts'
import { makeHome, reasonOf, UnusableFolder, type Home } from './home-folder.ts'

export type { Home } from './home-folder.ts'

/** As `makeHome`; throws `home.unusable` where the folder is not one of this user's alone. */
export function openHome(folder?: string, environment: NodeJS.ProcessEnv = process.env): Home {
  try {
    return makeHome(folder, environment)
  } catch (error) {
    throw error instanceof UnusableFolder ? unusableHome(error) : error
  }
}

/** `home.unusable` with the reason in words: of `makeHome`, or what the system says of a file of the home. */
export function unusableHome(error: unknown): EdgekeepError<'home.unusable'> {
  const reason = error instanceof UnusableFolder ? error.message : reasonOf(error)
  return new EdgekeepError('home.unusable', { reason }, { cause: error })
}
