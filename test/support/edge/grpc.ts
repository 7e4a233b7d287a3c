import {
  credentials,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  status,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'

const asIs = (bytes: Buffer) => bytes
const method = (path: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/test.Echo/${path}`,
  requestStream,
  responseStream,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
})

/** A service of plain bytes, one method of each kind. */
const echo: ServiceDefinition = {
  unary: method('Unary', false, false),
  serverStream: method('ServerStream', false, true),
  clientStream: method('ClientStream', true, false),
  bidi: method('Bidi', true, true),
}

export const EchoClient = makeGenericClientConstructor(echo, 'Echo')
export { credentials, status }

/** A real gRPC server on loopback, without TLS or with it. */
export async function startGrpcServer(
  implementation: UntypedServiceImplementation,
  pair?: { chainPem: string; keyPem: string },
): Promise<{ port: number; close(): void }> {
  const server = new Server()
  server.addService(echo, implementation)
  const secrets = pair
    ? ServerCredentials.createSsl(null, [
        { cert_chain: Buffer.from(pair.chainPem), private_key: Buffer.from(pair.keyPem) },
      ])
    : ServerCredentials.createInsecure()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.bindAsync('127.0.0.1:0', secrets, (error, port) => (error ? reject(error) : resolve(port)))
  return { port: await promise, close: () => server.forceShutdown() }
}
