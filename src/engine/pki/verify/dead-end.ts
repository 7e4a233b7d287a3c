import { rfc5280, type Breach } from './breach.ts'
import { nameTitle, shown } from './distinguished-name.ts'
import type { CandidatePath } from './path-search.ts'
import { isSignedBy } from './signatures.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'

/** Says why the path goes no further: the last certificate is self-signed, or its issuer is not at hand. */
export function deadEndBreach(
  { certificates }: Pick<CandidatePath, 'certificates'>,
  anchorNames: string[],
): Breach {
  const index = certificates.length - 1
  const top = certificates[index] as ParsedCertificate
  const reference = rfc5280('6.1')
  const nowhere = anchorNames.length === 0 ? 'nothing, as no roots were given' : listed(anchorNames)
  if (isSignedBy(top, top)) {
    const message =
      index === 0
        ? `It is self-signed: only its own key vouches for it, and it is not among ${nowhere}.`
        : `It leads to «${top.title}», which is not among ${nowhere}.`
    return { code: index === 0 ? 'self_signed' : 'unknown_authority', message, index, reference }
  }
  return { ...missingIssuer(top, index, nowhere), index, reference }
}

function missingIssuer(
  top: ParsedCertificate,
  index: number,
  nowhere: string,
): Pick<Breach, 'code' | 'message'> {
  const issuer = `«${nameTitle(top.issuer) || 'a name that is empty'}»`
  const subject = index === 0 ? 'its issuer' : `the issuer of «${top.title}»`
  const [address] = top.decoded.authorityInfoAccess ?? []
  if (address === undefined)
    return {
      code: 'unknown_authority',
      message: `Nobody you trust issued it: ${subject}, ${issuer}, is not among ${nowhere}, nor in the files.`,
    }
  const message = `The intermediate ${issuer} is missing: it is neither in the files nor among ${nowhere}. Add it; it is published at ${shown(address)}.`
  return { code: 'missing_intermediate', message }
}

/** `public roots, system roots or the local authority`. */
function listed(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
