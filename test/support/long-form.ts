/** `npm run conformance -- NAME` runs the long form of a file of tests; `npm test` runs the short one. */
const isLong = process.env['EDGEKEEP_LONG_FORM'] === '1'

/** All cases of an exhaustive matrix in the long form, and those that `isShort` picks in the short one. */
export function casesOf<T>(all: readonly T[], isShort: (each: T) => boolean): T[] {
  return all.filter((each) => isLong || isShort(each))
}
