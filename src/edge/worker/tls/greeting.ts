import type { Socket } from 'node:net'
import type { Server as TlsServer, TLSSocket } from 'node:tls'
import { socketBelow } from '../../../platform/listeners/connection-limit.ts'
import { ClientHelloReader, MalformedHello, newestVersion, type ClientHello } from './client-hello.ts'
import type { Deadlines, Expiring } from '../limits/deadlines.ts'
import { guarded, type OnFault } from '../limits/faults.ts'
import type { Limits } from '../limits/limits.ts'
import { problemPage, type Page } from '../http/pages.ts'
import type { RefusalReason } from '../../protocol/traffic-report.ts'
import { alertRecord, alerts, refusalOf, type RefusedHandshake } from './refusals.ts'
import { normaliseHostname } from '../http/arrival.ts'

export type Shaker = TlsServer | 'unknown-name' | 'https-off' | 'no-key'

export interface GreetingOptions {
  fault: OnFault
  limits: Pick<Limits, 'handshakeMs' | 'lingerMs'>
  deadlines: Deadlines
  /** Chooses the server for a normalised name; a promise while a new certificate is awaited. */
  serverFor: (
    serverName: string,
    hello: ClientHello,
    publishedAddress: string | null,
  ) => Shaker | Promise<Shaker>
  onRefused: (refusal: RefusedHandshake) => void
  onFinished: () => void
  /** Published address of the listener; null for one of this computer. */
  publishedAddress: string | null
}

/**
 * Client on the HTTPS port, from its connection until its handshake is done or refused. Its first message is
 * read before OpenSSL sees it: the name in it selects the server, because versions, tickets and client
 * certificates cannot be changed once OpenSSL has begun, and a refusal can send the right alert.
 */
export class Greeting implements Expiring {
  static readonly #bySocket = new WeakMap<Socket, Greeting>()

  /** Finds the greeting of a connection that OpenSSL has taken over. */
  static of(socket: TLSSocket): Greeting | undefined {
    return Greeting.#bySocket.get(socketBelow(socket))
  }

  deadlineAt: number
  hello: ClientHello | null = null
  /** Normalised. */
  serverName: string | null = null
  readonly remoteAddress: string
  readonly publishedAddress: string | null
  readonly #options: GreetingOptions
  readonly #socket: Socket
  readonly #onData = this.#guarded((bytes: Buffer) => this.#read(bytes))
  readonly #onGone = this.#guarded(() => this.#refuse('gone'))
  readonly #onClose = this.#guarded(() => this.#finish())
  /** Null once OpenSSL has the bytes read so far. */
  #reader: ClientHelloReader | null = new ClientHelloReader()
  #isReported = false

  constructor(socket: Socket, options: GreetingOptions) {
    this.#socket = socket
    this.#options = options
    this.remoteAddress = plainAddress(socket.remoteAddress)
    this.publishedAddress = options.publishedAddress
    this.deadlineAt = options.deadlines.now + options.limits.handshakeMs
    options.deadlines.add(this)
    Greeting.#bySocket.set(socket, this)
    socket.on('data', this.#onData)
    socket.on('end', this.#onGone)
    socket.on('error', this.#onGone)
    socket.on('close', this.#onClose)
  }

  expire(): void {
    this.fail({ reason: 'timeout', detail: null })
    this.#socket.destroy()
  }

  complete(): void {
    this.#isReported = true
    this.#finish()
    this.#socket.off('close', this.#onClose)
    Greeting.#bySocket.delete(this.#socket)
  }

  /** Reports a failed handshake, once. */
  fail({ reason, detail }: Pick<RefusedHandshake, 'reason' | 'detail'>): void {
    if (this.#isReported) return
    this.#isReported = true
    const { hello, serverName, remoteAddress, publishedAddress } = this
    this.#options.onRefused({ reason, detail, hello, serverName, remoteAddress, publishedAddress })
  }

  /** Ends only this connection after an internal error. */
  #guarded<Args extends unknown[]>(listener: (...args: Args) => void): (...args: Args) => void {
    return guarded((error) => {
      this.#options.fault('A connection failed before its handshake', error)
      this.#socket.destroy()
    }, listener)
  }

  #finish(): void {
    this.#options.deadlines.remove(this)
    this.#options.onFinished()
  }

  #read(bytes: Buffer): void {
    try {
      this.hello = this.#reader?.read(bytes) ?? null
    } catch (error) {
      if (!(error instanceof MalformedHello)) throw error
      return this.#refuseMalformed(error)
    }
    if (this.hello) this.#answer(this.hello)
  }

  #answer(hello: ClientHello): void {
    const newest = newestVersion(hello)
    if (newest < tls12) return this.#refuse('protocol-version', alertRecord(alerts.protocolVersion))
    if (hello.serverName === null) {
      // RFC 8446, section 9.2; before TLS 1.3 there was no alert of that meaning.
      const alert = newest > tls12 ? alerts.missingExtension : alerts.handshakeFailure
      return this.#refuse('no-name', alertRecord(alert))
    }
    this.serverName = normaliseHostname(hello.serverName)
    const server = this.#options.serverFor(this.serverName, hello, this.publishedAddress)
    if (!(server instanceof Promise)) return this.#shake(server)
    this.#socket.pause()
    server.then(
      this.#guarded((awaited: Shaker) => {
        if (!this.#isReported && !this.#socket.destroyed) this.#shake(awaited)
      }),
      (error: unknown) => {
        this.#options.fault('A certificate could not be awaited', error)
        this.#socket.destroy()
      },
    )
  }

  #shake(server: Shaker): void {
    if (typeof server === 'string') return this.#refuse(server, alertRecord(alerts.unrecognizedName))
    this.#handOn(server)
  }

  /** Passes the connection with the bytes read so far to OpenSSL, which then reads from the handle itself. */
  #handOn(server: TlsServer): void {
    const socket = this.#socket
    const received = this.#received()
    this.#reader = null
    this.#ignore()
    socket.pause()
    socket.unshift(received)
    // A client that disconnects during its handshake is not coming back.
    socket.allowHalfOpen = false
    server.emit('connection', socket)
  }

  #refuseMalformed({ isTls }: MalformedHello): void {
    if (isTls) this.#refuse('malformed', alertRecord(alerts.decodeError))
    else if (requestPattern.test(this.#received().toString('latin1', 0, 16)))
      this.#refuse('http', pageBytes(problemPage(httpProblem, '')))
    else this.#refuse('not-tls')
  }

  /** Refuses the connection. After an alert it reads on briefly: a reset would overtake the alert. */
  #refuse(reason: RefusalReason, answer?: Buffer): void {
    // Browsers open connections in advance and close them unused; these are not reported.
    if (reason !== 'gone' || this.#received().length > 0) this.fail({ reason, detail: null })
    const socket = this.#socket
    this.#ignore()
    if (!answer) return void socket.destroy()
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.destroy())
    socket.resume()
    socket.end(answer)
    this.deadlineAt = this.#options.deadlines.now + this.#options.limits.lingerMs
  }

  #received(): Buffer {
    return this.#reader?.received() ?? nothing
  }

  #ignore(): void {
    this.#socket.off('data', this.#onData).off('end', this.#onGone).off('error', this.#onGone)
  }
}

/**
 * Ends the greetings of `server` with their handshakes. Client certificates are parsed here: an internal error
 * ends only its own connection.
 */
export function completeGreetings(
  server: TlsServer,
  onFault: (error: unknown) => void,
  onSecure: (socket: TLSSocket, greeting: Greeting | undefined) => void,
): void {
  const contain = (socket: Socket, act: () => void) =>
    guarded((error) => {
      onFault(error)
      socket.destroy()
    }, act)()
  server.on('secureConnection', (socket) =>
    contain(socket, () => {
      const greeting = Greeting.of(socket)
      greeting?.complete()
      onSecure(socket, greeting)
    }),
  )
  server.on('tlsClientError', (error, socket) =>
    contain(socket, () => {
      Greeting.of(socket)?.fail(refusalOf(error as NodeJS.ErrnoException))
      socket.destroy()
    }),
  )
}

const nothing = Buffer.alloc(0)
const tls12 = 0x0303

/** Start of an HTTP/1 request line, or HTTP/2's preface. */
const requestPattern = /^[A-Z]{3,10} [/*h]/

const httpProblem = {
  status: 400,
  sentence:
    'This port speaks HTTPS, and the request came as plain HTTP. Write https:// in front of the address.',
}

function pageBytes({ status, reason, headers, body }: Page): Buffer {
  const lines = [`HTTP/1.1 ${status} ${reason}`, 'connection: close']
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`)
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}

export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '')
}
