import type { Core } from '../../core/core.ts'
import type { CaaLookup } from './caa.ts'
import type { ChallengeBoard } from './challenge-board.ts'
import type { NameServers } from './name-servers.ts'
import type { TxtLookup } from './txt-lookup.ts'

export interface AcmeClientNeeds extends Core {
  /** Challenge responses that the edge serves while orders run. */
  challenges: ChallengeBoard
  /** Names with an order in progress. */
  orderedNames: Set<string>
  lookupCaa: CaaLookup
  lookupTxt: TxtLookup
  nameServers: NameServers
}
