import type { FixedPortUse, PortConflict, PortHolder } from '../contract/engine/fixed-ports.ts'
import { visibleText } from '../contract/text/visible-text.ts'

/** `python3 (process 812) of user nobody (uid 65534)` */
export function formatPortHolder({ program, pid, user, uid, isStranger }: PortHolder): string {
  const name = program === null ? 'a program' : visibleText(program)
  const process = pid === null ? '' : ` (process ${pid})`
  if (!isStranger) return `${name}${process}`
  return `${name}${process} of user ${user === null ? '' : `${visibleText(user)} `}(uid ${uid})`
}

const uses: Record<FixedPortUse, { port: string; danger: string; remedy: string }> = {
  proxy: {
    port: 'the PAC file',
    danger: 'It can redirect browsers that read the PAC file there to its own proxy.',
    remedy:
      'Take the PAC address out of those browsers, or give them the PAC file as a file ("edgekeep names proxy").',
  },
  dns: {
    port: 'the DNS responder',
    danger: 'It can point every name below your suffixes to where it likes.',
    remedy: 'Undo the suffixes with "edgekeep names undo", or end that program.',
  },
  acme: {
    port: 'the ACME server',
    danger: 'ACME clients of this computer that ask there reach it.',
    remedy: 'End that program, or choose another port with "edgekeep acme serve --port".',
  },
  revocation: {
    port: 'the revocation list and OCSP',
    danger: 'It can keep clients from learning that a certificate was revoked.',
    remedy: 'End that program, or choose another port with "edgekeep authority publish --port".',
  },
}

/** Sentences for people: the program on a fixed port, its effect, and the remedy. */
export function portConflictMessage({ use, port, holder, endedAt }: PortConflict): string {
  const { port: name, danger, remedy } = uses[use]
  const who = formatPortHolder(holder)
  if (endedAt !== null)
    return `Until ${endedAt.slice(11, 16)} UTC, port ${port} for ${name} was held by ${who}. Edgekeep has it again. ${use === 'proxy' ? 'Restart browsers that read the PAC file there: they may still use what that program gave them.' : 'Programs may still use what they got there.'}`
  return `Port ${port} for ${name} is held by ${who}.${holder.isStranger ? ` ${danger}` : ''} ${remedy}`
}
