import type { HttpsNeeds } from '../https/needs.ts'
import type { NamesNeeds } from '../names/needs.ts'
import type { TrustNeeds } from '../trust/needs.ts'

export interface SetupNeeds extends HttpsNeeds, NamesNeeds, TrustNeeds {
  publication: HttpsNeeds['publication']
}
