import type { Core } from '../core/core.ts'
import type { Traffic } from './traffic.ts'

export interface TrafficNeeds extends Core {
  traffic: Traffic
}
