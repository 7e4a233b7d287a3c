import { runs } from '../../frame/declare.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import type { GlobalOptions } from '../../frame/command.ts'
import type { ContainerEvent } from './serve-containers.ts'
import { printError, reportFailure } from '../../output/output.ts'

const examples = `
Example:
  $ docker run --label edgekeep.name=shop --label edgekeep.port=3000 …
  $ edgekeep containers      https://shop.localhost leads to it, until Ctrl-C`

export const containersCommand = runs('containers', {
  summary: 'serve running containers by their labels',
  about:
    'Give each running container of Docker or Podman with the labels edgekeep.name and edgekeep.port an HTTPS address that leads to its network address, and follow containers that start, stop and restart, until Ctrl-C. A name without a dot is below .localhost. Starts the engine if none runs.',
  help: examples,
  run: serve,
})

async function serve(global: GlobalOptions): Promise<number> {
  const json = global.json ?? false
  const [{ openHome }, { withRunningEngine }, { openDocker }, { serveContainers }] = await Promise.all([
    import('../../../engine-process/home.ts'),
    import('../engine/foreground.ts'),
    import('../../../containers/docker.ts'),
    import('./serve-containers.ts'),
  ])
  const home = openHome(global.home)
  const docker = openDocker()
  const report = (event: ContainerEvent) => printError(json ? JSON.stringify(event) : formatEvent(event))
  try {
    await withRunningEngine(home, {}, ({ end }) => serveContainers({ docker, home, end, report }))
    return 0
  } catch (error) {
    if (error instanceof EdgekeepError) return reportFailure(error, json)
    throw error
  } finally {
    docker.close()
  }
}

function formatEvent({ type, container, address = '', problem = '' }: ContainerEvent): string {
  const name = visibleText(container)
  if (type === 'refused') return `${name}: not served, ${problem}`
  return type === 'served' ? `${name}: ${address}` : `${name}: ended`
}
