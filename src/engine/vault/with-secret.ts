/** Lends a secret to `use` and zeroes it afterwards: at once, or when the returned promise has settled. */
export function withSecret<T>(secret: Buffer, use: (secret: Buffer) => T): T {
  let result: T
  try {
    result = use(secret)
  } catch (error) {
    secret.fill(0)
    throw error
  }
  if (!(result instanceof Promise)) {
    secret.fill(0)
    return result
  }
  return result.finally(() => secret.fill(0)) as T
}
