import { z } from 'zod'
import { acmeErrors, acmeServerErrors } from './acme.ts'
import { authorityErrors } from './authority.ts'
import { certificateErrors } from './certificate.ts'
import { configurationErrors } from './configuration.ts'
import { developErrors } from './develop.ts'
import { domainErrors } from './domain.ts'
import { edgeErrors } from './edge.ts'
import { engineErrors } from './engine.ts'
import { inputErrors } from './input.ts'
import { issueErrors } from './issue.ts'
import { keyErrors } from './key.ts'
import { namesErrors } from './names.ts'
import { noticeErrors } from './notice.ts'
import { targetErrors } from './target.ts'
import { trustErrors } from './trust.ts'
import { vaultErrors } from './vault.ts'
import { verdictErrors } from './verdict.ts'
import type { ErrorKind } from './define.ts'
import { placeSchema, type Place } from './place.ts'

export { formatPlace, placeSchema, type Place } from './place.ts'

/** Every failure of the product. Sentences never have a secret or a path of the user's. */
export const errorRegistry = {
  ...inputErrors,
  ...certificateErrors,
  ...keyErrors,
  ...domainErrors,
  ...developErrors,
  ...authorityErrors,
  ...acmeErrors,
  ...issueErrors,
  ...acmeServerErrors,
  ...trustErrors,
  ...namesErrors,
  ...edgeErrors,
  ...engineErrors,
  ...vaultErrors,
  ...noticeErrors,
  ...configurationErrors,
  ...targetErrors,
  ...verdictErrors,
}

export type ErrorCode = keyof typeof errorRegistry
export type ErrorData<C extends ErrorCode> = z.infer<(typeof errorRegistry)[C]['data']>

export function errorSentence<C extends ErrorCode>(code: C, data: ErrorData<C>): string {
  const definition = errorRegistry[code] as unknown as { sentence: (data: ErrorData<C>) => string }
  return definition.sentence(data)
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorRegistry, code)
}

/** Failure with a code of the registry. `message` is its sentence; `data` has no secret. */
export class EdgekeepError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C
  readonly data: ErrorData<C>
  constructor(code: C, data: ErrorData<C>, options?: { cause?: unknown }) {
    super(errorSentence(code, data), options)
    this.name = 'EdgekeepError'
    this.code = code
    this.data = data
  }
  get kind(): ErrorKind {
    return errorRegistry[this.code].kind
  }
}

/** Failure as plain data, for reports with several and for `--json`. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  place: placeSchema.optional(),
})
export type Problem = z.infer<typeof problemSchema>

export function problemOf(error: EdgekeepError): Problem {
  const place = (error.data as { place?: Place }).place
  return { code: error.code, message: error.message, ...(place ? { place } : {}) }
}
