const begin = '-----BEGIN CERTIFICATE-----'
const end = '-----END CERTIFICATE-----'

/** Splits a text into PEM blocks of certificates, dropping anything between the blocks. */
export function certificateBlocks(text: string): string[] {
  const [, ...parts] = text.split(begin)
  return parts.flatMap((part) => {
    const [body = ''] = part.split('-', 1)
    return body !== '' && part.startsWith(end, body.length) ? [`${begin}${body}${end}`] : []
  })
}
