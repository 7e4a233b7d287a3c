/** What asking came to; `failure` is a sentence. */
export type ResponderAnswer = { response: Uint8Array } | { failure: string }

const timeoutMs = 10_000
/** Real answers have one to three thousand bytes, with a certificate and its chain inside. */
const longestResponse = 64 * 1024

/** Asks the responder at `address` (RFC 6960, appendix A). Never throws for what it does. */
export async function askResponder(
  address: string,
  request: Uint8Array,
  signal: AbortSignal,
): Promise<ResponderAnswer> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      body: Uint8Array.from(request),
      // The address is the certificate's; where it sends on to is nobody's.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    if (answer.status !== 200) {
      await answer.body?.cancel()
      return { failure: `The responder answers with status ${answer.status}.` }
    }
    return await readBody(answer)
  } catch (error) {
    return { failure: failureInWords(error) }
  }
}

async function readBody({ body }: Response): Promise<ResponderAnswer> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body ?? []) {
    length += piece.length
    if (length > longestResponse) return { failure: 'The responder answers with more than any answer has.' }
    pieces.push(piece)
  }
  return { response: Buffer.concat(pieces) }
}

function failureInWords(error: unknown): string {
  const { name, cause } = error as Error
  if (name === 'TimeoutError') return 'The responder does not answer within ten seconds.'
  const { code } = (cause ?? {}) as NodeJS.ErrnoException
  return `The responder cannot be reached${code ? ` (${code})` : ''}.`
}
