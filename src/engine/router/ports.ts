import { portsStatus } from '../services/names/ports.ts'
import type { Procedures } from './procedures.ts'

export function portsHandlers(procedures: Procedures['ports']) {
  return {
    status: procedures.status.handler(({ context }) => portsStatus(context.parts)),
  }
}
