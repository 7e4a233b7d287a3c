/**
 * Node flags of a worker. SIGUSR1 opens no inspector. Requests create many short-lived objects, over HTTP/2
 * most of all: a young generation larger than 1 MiB copies far fewer of them. Measured in
 * docs/decisions/0005.
 */
export const workerFlags = ['--disable-sigusr1', '--min-semi-space-size=16', '--max-semi-space-size=32']
