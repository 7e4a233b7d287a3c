import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { SecretBytes, type Unwiped } from '../../../domain/secret-bytes.ts'
import { fromBase64url } from '../jose/base64url.ts'
import { JoseFault } from '../jose/jose-fault.ts'
import { macJws } from '../jose/jws.ts'
import { accountSchema, locationOf, readAnswer } from './answers.ts'
import { unusable } from './requests.ts'
import type { AcmeSession, AcmeSigner } from './session.ts'

/** External account binding (EAB) from the authority's customer account (RFC 8555, section 7.3.4). */
export interface ExternalBinding {
  keyId: string
  macKey: Buffer
}

const leastMacBytes = 16

/**
 * Decodes the MAC key of an EAB, which authorities show in base64url, some with padding.
 * @throws `acme.binding_malformed`
 */
export function readMacKey(text: Unwiped<string>): SecretBytes {
  const [unpadded = ''] = text.trim().split('=')
  try {
    using key = new SecretBytes(fromBase64url(unpadded.replaceAll('+', '-').replaceAll('/', '_')))
    if (key.bytes.length >= leastMacBytes) return key.move()
  } catch (error) {
    if (!(error instanceof JoseFault)) throw error
  }
  throw new EdgekeepError('acme.binding_malformed', {})
}

/**
 * Registers the session's key, or finds its account (RFC 8555, section 7.3). Returns the account URL.
 * @throws `acme.terms_not_agreed` and `acme.binding_required` if the directory requires them
 */
export async function registerAccount(
  session: AcmeSession,
  signer: AcmeSigner,
  request: { contact: string[]; agreed: boolean; binding: ExternalBinding | null },
): Promise<string> {
  const { directory, host } = session
  const { termsOfService, externalAccountRequired } = directory.meta
  if (termsOfService !== undefined && !request.agreed)
    throw new EdgekeepError('acme.terms_not_agreed', { host, url: termsOfService })
  if (externalAccountRequired && !request.binding) throw new EdgekeepError('acme.binding_required', { host })
  const { binding } = request
  const payload = {
    contact: request.contact,
    ...(termsOfService === undefined ? {} : { termsOfServiceAgreed: true }),
    ...(binding && {
      externalAccountBinding: macJws(
        { kid: binding.keyId, url: directory.newAccount },
        signer.jwk,
        binding.macKey,
      ),
    }),
  }
  const answer = await session.post(directory.newAccount, payload, { withKey: true })
  const { status } = readAnswer(accountSchema, answer, 'an account')
  if (status !== 'valid') throw unusable(answer.host, `the account is ${status}`)
  return locationOf(answer, 'the account')
}

/** Key rollover: from then on only `next` signs (RFC 8555, section 7.3.5). */
export async function changeAccountKey(
  session: AcmeSession,
  accountUrl: string,
  keys: { old: AcmeSigner; next: AcmeSigner },
): Promise<void> {
  const { keyChange } = session.directory
  if (keyChange === undefined) throw unusable(session.host, 'the directory names no way to change keys')
  const inner = keys.next.sign(
    { jwk: keys.next.jwk, url: keyChange },
    { account: accountUrl, oldKey: keys.old.jwk },
  )
  await session.post(keyChange, inner)
}

/** Deactivates the account for good: its key is no longer valid (RFC 8555, section 7.3.6). */
export async function deactivateAccount(session: AcmeSession, accountUrl: string): Promise<void> {
  const answer = await session.post(accountUrl, { status: 'deactivated' })
  const { status } = readAnswer(accountSchema, answer, 'an account')
  if (status === 'valid') throw unusable(answer.host, 'the account is still valid')
}
