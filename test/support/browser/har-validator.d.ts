declare module 'har-validator' {
  /** Resolves with a valid HTTP archive, else rejects. */
  export function har(archive: unknown): Promise<unknown>
}
