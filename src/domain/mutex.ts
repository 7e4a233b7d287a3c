/** Mutex: runs the given functions one after the other, whether the previous one succeeds or not. */
export function createMutex(): <T>(act: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const done = last.then(act)
    last = done.catch(() => undefined)
    return done
  }
}

export type KeyedMutex = <T>(keys: readonly string[], act: () => Promise<T>) => Promise<T>

/** Mutex per key: runs each function once the previous ones with any of its keys have ended. */
export function createKeyedMutex(): KeyedMutex {
  const last = new Map<string, Promise<unknown>>()
  return (keys, act) => {
    const done = Promise.all(keys.flatMap((key) => last.get(key) ?? [])).then(act)
    const ended = done.then(
      () => undefined,
      () => undefined,
    )
    for (const key of keys) last.set(key, ended)
    return done
  }
}
