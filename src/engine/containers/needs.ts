import type { HttpsNeeds } from '../https/needs.ts'
import type { ContainerWatch } from './container-watch.ts'

export interface ContainerNeeds extends HttpsNeeds {
  /** Null without an edge. */
  containerWatch: ContainerWatch | null
}
