/** Default timeouts for an origin: to connect, and from the end of a request to the head of its response. */
export const originTimeouts = { connectSeconds: 10, responseSeconds: 120 } as const
