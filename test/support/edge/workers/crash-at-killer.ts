import tls from 'node:tls'

/** Crash of the edge worker at each client of `killer.test` that completes its handshake. */
// oxlint-disable-next-line typescript/unbound-method
const emit = tls.Server.prototype.emit
tls.Server.prototype.emit = function crash(this: tls.Server, event: string | symbol, ...args: unknown[]) {
  const [socket] = args
  const isKiller =
    socket instanceof tls.TLSSocket && (socket as { servername?: string }).servername === 'killer.test'
  if (event === 'secureConnection' && isKiller) process.kill(process.pid, 'SIGSEGV')
  return Reflect.apply(emit, this, [event, ...args]) as boolean
}
