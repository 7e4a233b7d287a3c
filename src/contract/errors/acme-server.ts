import { define, none } from './define.ts'

/** The ACME server on the local authority. */
export const acmeServerErrors = {
  'acme_server.not_running': define(
    'state',
    none,
    () =>
      'The ACME server does not run. Start the engine ("edgekeep up"), and turn it on with "edgekeep acme serve".',
  ),
} as const
