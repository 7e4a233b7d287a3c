/** After a passphrase was given, several questions about the same file come at once. */
const keptMs = 10_000
const most = 32

interface Kept {
  key: Buffer
  timer: NodeJS.Timeout
}

/**
 * The keys of long derivations for ten seconds after their last use, so that a passphrase that is typed
 * once is worked on once. They open the file that they were derived for, and are zeroed when they go.
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
    /** A look at the key, which is not the caller's. */
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
