import type { FolderOrigin } from '../../../contract/domains/origins.ts'
import { ListedFields } from '../http/fields.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { EdgeIdentity, UpstreamCarrier, ResponseSink } from '../origins/upstream-carrier.ts'
import { hopFields } from '../http/response.ts'
import type { UpstreamTarget } from '../origins/upstream-target.ts'
import { folderAnswer, movedCode, type FolderAnswer } from './folder-answer.ts'
import type { FoundFile, ServedFolder } from './find-file.ts'
import type { ByteRange } from './ranges.ts'
import { VaultGuard } from './vault-guard.ts'

const pieceBytes = 128 * 1024
const ignore = (): void => undefined

/** Folder origins, of which none is served before the vault's folder is known. */
export class Folders {
  #guard = new VaultGuard('')

  /** `vaultFolder` is absolute; its files are never served, whatever a folder's links lead to. */
  protect(vaultFolder: string): void {
    if (vaultFolder !== this.#guard.folder) this.#guard = new VaultGuard(vaultFolder)
  }

  open(origin: FolderOrigin): FolderCarrier {
    return new FolderCarrier({ origin, guard: this.#guard })
  }
}

/** One exchange with a folder. A request body is discarded. */
class FolderCarrier implements UpstreamCarrier {
  readonly isReused = false
  readonly opening = null
  hasAnswered = false
  // A file waits for no request, and is no websocket.
  readonly endRequest = ignore
  readonly endTunnel = ignore
  readonly #served: ServedFolder
  #sink: ResponseSink | null = null
  #wake: (() => void) | null = null

  constructor(served: ServedFolder) {
    this.#served = served
  }

  start(request: EdgeRequest, _target: UpstreamTarget, _identity: EdgeIdentity, sink: ResponseSink): void {
    this.#sink = sink
    void this.#run(request)
  }

  write(): boolean {
    return true
  }

  resume(): void {
    this.#wake?.()
  }

  destroy(): void {
    this.#sink = null
    this.#wake?.()
  }

  /** Never throws: errors go to the sink. */
  async #run(request: EdgeRequest): Promise<void> {
    let file: FoundFile | null = null
    try {
      const answer = await folderAnswer(this.#served, request)
      file = answer.file
      await this.#answer(answer)
    } catch (error) {
      const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException
      const sink = this.#sink
      this.#sink = null
      sink?.onFailure({ kind: code === movedCode ? 'folder-moved' : 'folder', code })
    }
    // The file was only read, so a failed close is harmless.
    await file?.handle.close().catch(() => undefined)
  }

  async #answer({ status, reason, headers, contentLength, body, file }: FolderAnswer): Promise<void> {
    const sink = this.#sink
    if (!sink) return
    this.hasAnswered = true
    const hasBody = !sink.isHead && contentLength >= 0
    const fields = new ListedFields(headers)
    sink.onHead({ status, reason, headers: fields, hop: hopFields(fields), contentLength, hasBody })
    for (const part of hasBody ? body : []) {
      if (Buffer.isBuffer(part)) await this.#pass(part)
      else if (file) await this.#stream(file, part)
    }
    if (this.#sink !== sink) return
    this.#sink = null
    sink.onEnd([])
    sink.flush()
  }

  async #stream({ handle }: FoundFile, { from, to }: ByteRange): Promise<void> {
    const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, to - from))
    for (let at = from; at < to && this.#sink;) {
      const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, to - at), at)
      if (bytesRead === 0) throw Object.assign(new Error('the file has shrunk'), { code: 'EOF' })
      at += bytesRead
      await this.#pass(piece.subarray(0, bytesRead))
    }
  }

  async #pass(bytes: Buffer): Promise<void> {
    const sink = this.#sink
    if (!sink) return
    sink.onData(bytes)
    if (sink.flush()) return
    await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#wake = null
  }
}
