import { rfc5280, type Breach } from './breach.ts'
import { nameTitle } from '../x509/distinguished-name.ts'
import { shown } from '../asn1/strings.ts'
import { accessUrls } from '../x509/extension-contents.ts'
import type { IssuerPool } from './issuer-pool.ts'
import type { CandidatePath } from './path-steps.ts'
import { isSignedBy } from '../x509/signatures.ts'
import type { Certificate } from '../x509/certificate.ts'

/** Reason why the path ends: the last certificate is self-signed, or its issuer is missing. */
export function deadEndBreach(
  { certificates }: Pick<CandidatePath, 'certificates'>,
  anchorNames: string[],
  pool: IssuerPool,
): Breach {
  const index = certificates.length - 1
  const top = certificates[index] as Certificate
  const found = isSignedBy(top, top)
    ? selfSigned(top, index, anchorNames)
    : missingIssuer(top, index, anchorNames, hasNamesake(top, pool))
  return { ...found, index, reference: rfc5280('6.1') }
}

/** Whether a known certificate has the issuer's name but not its key. Checks only a few. */
function hasNamesake(top: Certificate, pool: IssuerPool): boolean {
  let isAny = false
  let left = 4
  for (const { certificate } of pool.issuersOf(top)) {
    if ((left -= 1) < 0) break
    if (isSignedBy(top, certificate)) return false
    isAny = true
  }
  return isAny
}

type Finding = Pick<Breach, 'code' | 'message'>

function selfSigned(top: Certificate, index: number, anchorNames: string[]): Finding {
  const places = searched(anchorNames)
  if (index > 0)
    return {
      code: 'unknown_authority',
      message: `It chains to “${top.title}”, which is not trusted (${places}).`,
    }
  return {
    code: 'self_signed',
    message: `It is self-signed: no trusted authority issued it (${places}).`,
  }
}

function missingIssuer(top: Certificate, index: number, anchorNames: string[], namesake: boolean): Finding {
  const issuer = `“${nameTitle(top.issuer) || 'a name that is empty'}”`
  const subject = index === 0 ? 'its issuer' : `the issuer of “${top.title}”`
  const places = searched(['the files', ...anchorNames])
  const other = namesake ? ' The certificate with this name in the files has a different key.' : ''
  const [address] = accessUrls(top.decoded.authorityInfoAccess, 'caIssuers')
  if (address === undefined)
    return {
      code: 'unknown_authority',
      message: `No trusted authority issued it: ${subject}, ${issuer}, was not found (${places}).${other}`,
    }
  const message = `The intermediate ${issuer} is missing (${places}).${other} Add it; it is published at ${shown(address)}.`
  return { code: 'missing_intermediate', message }
}

function searched(places: string[]): string {
  return places.length === 0 ? 'no roots were given' : `searched: ${places.join(', ')}`
}
