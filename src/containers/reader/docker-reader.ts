import { type Docker, openDocker } from '../docker.ts'

/** Reading half of Docker's API: no call of it starts, changes or ends anything. */
export type DockerReader = Pick<Docker, 'get' | 'follow' | 'close'>

/** @throws `container.no_engine` */
export function openDockerReader(): DockerReader {
  const { get, follow, close } = openDocker()
  return { get, follow, close }
}
