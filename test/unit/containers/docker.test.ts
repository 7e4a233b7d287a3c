import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDocker } from '../../../src/containers/docker.ts'
import { needs } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

needs(process.platform === 'win32' ? 'Unix sockets with a path' : null)

async function dockerThat(answers: RequestListener, ...timeouts: [Timeouts?]) {
  const socket = join(temporaryFolder(), 'docker.sock')
  const server = createServer(answers).listen(socket)
  await once(server, 'listening')
  const docker = openDocker({ DOCKER_HOST: `unix://${socket}` }, ...timeouts)
  onTestFinished(() => {
    docker.close()
    server.close()
    server.closeAllConnections()
  })
  return docker
}

type Timeouts = Parameters<typeof openDocker>[1]

const noEngine = { code: 'container.no_engine' }

test('an answer without an end is no answer of Docker', async () => {
  const docker = await dockerThat((_, response) => {
    const fill = () => {
      while (response.write(Buffer.alloc(64 * 1024, ' ')));
    }
    response.on('drain', fill)
    fill()
  })
  await expect(docker.get(['info'])).rejects.toMatchObject(noEngine)
  const events = docker.follow(['events'], [], new AbortController().signal)
  await expect(events.next()).rejects.toMatchObject(noEngine)
})

test('an answer that breaks off is no answer of Docker', async () => {
  const docker = await dockerThat((_, response) => {
    response.write('{"Action":"start"}\n', () => response.destroy())
  })
  await expect(docker.get(['info'])).rejects.toMatchObject(noEngine)
  const events = docker.follow(['events'], [], new AbortController().signal)
  expect((await events.next()).value).toEqual({ Action: 'start' })
  await expect(events.next()).rejects.toMatchObject(noEngine)
})

test('events end with their signal, and close ends requests under way', async () => {
  const docker = await dockerThat((_, response) => response.write('{"Action":"start"}\n'))
  const over = new AbortController()
  const events = docker.follow(['events'], [], over.signal)
  await events.next()
  const next = events.next()
  over.abort()
  await expect(next).rejects.toMatchObject(noEngine)
  const pending = docker.get(['info'])
  docker.close()
  await expect(pending).rejects.toMatchObject(noEngine)
})

test('a page of another program at the socket is no answer of Docker', async () => {
  const docker = await dockerThat((_, response) => response.end('<html>'))
  await expect(docker.get(['info'])).rejects.toMatchObject(noEngine)
})

const short = { headMs: 300, readMs: 300, toolMs: 600 }

test('a socket that is silent ends a call in time', async () => {
  const docker = await dockerThat(() => undefined, short)
  await expect(docker.get(['info'])).rejects.toMatchObject(noEngine)
  await expect(docker.send({ method: 'POST' }, ['exec'])).rejects.toMatchObject(noEngine)
  const events = docker.follow(['events'], [], new AbortController().signal)
  await expect(events.next()).rejects.toMatchObject(noEngine)
})

test('one that begins an answer and drips it ends a call in time, and a stream of events goes on', async () => {
  const docker = await dockerThat((_, response) => {
    const drip = setInterval(() => response.write(' \n'), 50)
    response.on('close', () => clearInterval(drip))
  }, short)
  await expect(docker.get(['info'])).rejects.toMatchObject(noEngine)
  await expect(docker.send({ method: 'POST' }, ['exec'])).rejects.toMatchObject(noEngine)
  const over = new AbortController()
  const next = docker.follow(['events'], [], over.signal).next()
  const outcome = next.then(
    () => 'event',
    () => 'ended',
  )
  await expect(docker.get(['info'])).rejects.toMatchObject(noEngine)
  const isFollowing = Promise.race([outcome, Promise.resolve('following')])
  expect(await isFollowing).toBe('following')
  over.abort()
  expect(await outcome).toBe('ended')
})
