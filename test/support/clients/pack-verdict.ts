import { createHash } from 'node:crypto'
import { givenRoots, preflightFiles } from '../../../src/pki/inspect/inspect.ts'
import { openIntake } from '../../../src/pki/intake/intake.ts'
import { toPem } from '../../../src/pki/formats/convert.ts'
import type { Preflight } from '../../../src/contract/inspect/preflight.ts'
import type { ClientCase, ServedChain, Workshop } from './client-case.ts'

/** Programs that a rule pack speaks for. */
export const packedPrograms = ['chrome', 'firefox', 'java', 'node'] as const

/** Verdict of a program's rule pack on a case, with the roots that the program was given. */
export function packVerdict(
  target: (typeof packedPrograms)[number],
  { host }: ClientCase,
  { chain, roots }: ServedChain,
  { root, now }: Workshop,
): Preflight {
  const bytes = Buffer.from(chain.map((der) => toPem(der)).join(''))
  using intake = openIntake([{ name: 'chain.pem', bytes }])
  const leafSha256 = createHash('sha256').update(chain[0]!).digest('hex')
  const anchors = givenRoots([root.der, ...roots])
  const publicRoots = { name: 'public roots', certificates: [] }
  const [verdict] = preflightFiles(intake, { leafSha256, at: now, host, anchors, publicRoots }, [target])
  return verdict!
}
