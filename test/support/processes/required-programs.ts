import { absent } from '../needs.ts'

/** Programs of so many tests that a run without them would prove little. */
const required = ['curl', 'openssl']

/** Ends a run before its first test where a program that most tests start is missing, with its name. */
export function setup(): void {
  const missing = absent(...required)
  if (missing) throw new Error(`The tests cannot run: ${missing}.`)
}
