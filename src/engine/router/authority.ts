import { localAuthority, rotateAuthority } from '../services/certificates/authority.ts'
import type { Procedures } from './procedures.ts'

export function authorityHandlers(procedures: Procedures['authority']) {
  return {
    get: procedures.get.handler(({ context }) => localAuthority(context.parts)),
    rotate: procedures.rotate.handler(({ context, input }) => rotateAuthority(context.parts, input)),
  }
}
