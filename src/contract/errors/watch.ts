import { z } from 'zod'
import { define } from './define.ts'

export const watchErrors = {
  'watch.not_found': define(
    'input',
    z.object({ server: z.string() }),
    (d) => `${d.server} is not watched. Add it with: edgekeep watch add ${d.server}`,
  ),
  'watch.too_many': define(
    'input',
    z.object({ most: z.number() }),
    (d) => `At most ${d.most} servers are watched. Remove some first. Nothing was added.`,
  ),
  'watch.faults': define(
    'state',
    z.object({ servers: z.array(z.string()) }),
    (d) => `Not as it should be: ${d.servers.join(', ')}. The reasons are beside each.`,
  ),
}
