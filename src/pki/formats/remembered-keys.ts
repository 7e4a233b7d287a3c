import { SecretBytes } from '../../domain/secret-bytes.ts'

/** Retention: after a passphrase, several requests about the same file arrive at once. */
const lifetimeMs = 10_000
const most = 32

interface CachedKey {
  key: SecretBytes
  timer: NodeJS.Timeout
}

/**
 * Cache of derived keys, for ten seconds after their last use, so that a passphrase is derived once. Each
 * opens only its file, and is zeroed on removal.
 */
function createRememberedKeys() {
  const cache = new Map<string, CachedKey>()
  function drop(id: string): void {
    const found = cache.get(id)
    if (!found) return
    clearTimeout(found.timer)
    found.key[Symbol.dispose]()
    cache.delete(id)
  }
  return {
    get(id: string): Buffer | undefined {
      cache.get(id)?.timer.refresh()
      return cache.get(id)?.key.bytes
    },
    keep(id: string, key: Buffer): void {
      drop(id)
      const [oldest] = cache.keys()
      if (oldest !== undefined && cache.size >= most) drop(oldest)
      cache.set(id, {
        key: new SecretBytes(Buffer.from(key)),
        timer: setTimeout(() => drop(id), lifetimeMs).unref(),
      })
    },
    wipe(): void {
      for (const id of [...cache.keys()]) drop(id)
    },
  }
}

export const rememberedKeys = createRememberedKeys()
