/** Causes by Chromium's net error (net/base/net_error_list.h) and Node's error codes. */
const causes: [pattern: RegExp, reason: string][] = [
  [
    /INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE|NETWORK_CHANGED|ENETUNREACH|EHOSTUNREACH/,
    'this computer is offline',
  ],
  [/NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|ENOTFOUND|EAI_AGAIN/, 'the update server was not found'],
  [/PROXY|TUNNEL/, 'the proxy of this computer refused it'],
  [/CERT|SSL/, 'the certificate of the update server was not accepted'],
  [/TIMED_OUT|TIMEOUT/, 'it took too long'],
  [/REFUSED/, 'the update server refused the connection'],
  [/RESET|CLOSED|ABORTED|EMPTY_RESPONSE|EPIPE|other side closed/, 'the connection was interrupted'],
]

/** Reason that completes "The check for updates failed: …" for an error of `fetch` or of Electron's `net`. */
export function describeNetworkFailure(error: unknown): string {
  const { name, code, cause, message } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException }
  if (name === 'TimeoutError' || name === 'AbortError') return 'it took too long'
  const reason = cause?.code ?? code ?? message
  return (
    causes.find(([pattern]) => pattern.test(reason))?.[1] ??
    `the connection failed (${reason.replace(/^net::/, '')})`
  )
}
