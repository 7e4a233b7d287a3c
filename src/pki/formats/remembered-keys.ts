/** Retention: after a passphrase, several requests about the same file arrive at once. */
const keptMs = 10_000
const most = 32

interface Kept {
  key: Buffer
  timer: NodeJS.Timeout
}

/**
 * Cache of derived keys, for ten seconds after their last use, so that a passphrase is derived once. Each
 * opens only its file, and is zeroed on removal.
 */
function createRememberedKeys() {
  const kept = new Map<string, Kept>()
  function drop(id: string): void {
    const found = kept.get(id)
    if (!found) return
    clearTimeout(found.timer)
    found.key.fill(0)
    kept.delete(id)
  }
  return {
    /** The cached key, which the caller must not zero. */
    get(id: string): Buffer | undefined {
      kept.get(id)?.timer.refresh()
      return kept.get(id)?.key
    },
    keep(id: string, key: Buffer): void {
      drop(id)
      const [oldest] = kept.keys()
      if (oldest !== undefined && kept.size >= most) drop(oldest)
      kept.set(id, { key: Buffer.from(key), timer: setTimeout(() => drop(id), keptMs).unref() })
    },
    wipe(): void {
      for (const id of [...kept.keys()]) drop(id)
    },
  }
}

export const rememberedKeys = createRememberedKeys()
