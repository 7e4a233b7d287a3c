const begin = '-----BEGIN CERTIFICATE-----'
const end = '-----END CERTIFICATE-----'

/** The PEM blocks of certificates in a text, each alone: what stands between two of them is in none. */
export function certificateBlocks(text: string): string[] {
  const [, ...parts] = text.split(begin)
  return parts.flatMap((part) => {
    const [body = ''] = part.split('-', 1)
    return body !== '' && part.startsWith(end, body.length) ? [`${begin}${body}${end}`] : []
  })
}
