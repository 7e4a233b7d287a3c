import type { Fields } from '../http/fields.ts'
import type { MessageHead } from '../http/http-parser.ts'
import type { Page } from '../http/pages.ts'
import type { ResponseHead } from '../http/response.ts'

/** Client side of an exchange: HTTP/1.1 or one stream of HTTP/2. */
export interface ClientStream {
  /** Few responses share its connection, so that a large read of the origin may wait in it. */
  readonly mayReadMuch: boolean
  informational(status: number, headers: Fields): void
  respond(head: ResponseHead): void
  /** The websocket handshake has been accepted; `data` and `body` now carry its frames. */
  accept(head: MessageHead): void
  /** The view is valid until `flush` has returned. */
  data(chunk: Buffer): void
  end(trailers: string[]): void
  /** Writes everything since the last flush. False: wait, then call `Exchange.resume`. */
  flush(): boolean
  page(page: Page): void
  /** Aborts a response that cannot be completed. If nothing of it has been sent, `page` replaces it. */
  abort(page: Page): void
  resumeBody(): void
  /** Allows long silence on either side while request and response overlap, as in gRPC. */
  converse?(): void
  /** Closes it at once in any state. Never throws. */
  cut(): void
}
