declare module 'har-validator' {
  /** Resolves with what was given where it is a valid HTTP archive, else rejects. */
  export function har(archive: unknown): Promise<unknown>
}
