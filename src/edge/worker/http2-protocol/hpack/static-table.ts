/** Static table (RFC 7541, appendix A): alternating names and values, from index 1. */
const fields = [
  ':authority,,:method,GET,:method,POST,:path,/,:path,/index.html,:scheme,http,:scheme,https,:status,200,',
  ':status,204,:status,206,:status,304,:status,400,:status,404,:status,500,accept-charset,,',
].join('')
const names =
  'accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control ' +
  'content-disposition content-encoding content-language content-length content-location content-range ' +
  'content-type cookie date etag expect expires from host if-match if-modified-since if-none-match if-range ' +
  'if-unmodified-since last-modified link location max-forwards proxy-authenticate proxy-authorization range ' +
  'referer refresh retry-after server set-cookie strict-transport-security transfer-encoding user-agent vary ' +
  'via www-authenticate'

export const staticFields: readonly string[] = [
  ...fields.split(',').slice(0, -1),
  'accept-encoding',
  'gzip, deflate',
  ...names.split(' ').flatMap((name) => [name, '']),
]

export const staticCount = staticFields.length / 2

/** First static index of each name. */
export const staticNames: ReadonlyMap<string, number> = firstIndexes()

function firstIndexes(): Map<string, number> {
  const indexes = new Map<string, number>()
  for (let at = staticCount; at >= 1; at -= 1) indexes.set(staticFields[2 * at - 2]!, at)
  return indexes
}
