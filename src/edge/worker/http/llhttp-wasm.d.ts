declare module 'undici/lib/llhttp/llhttp_simd-wasm.js' {
  /** The WebAssembly module's bytes. */
  const bytes: Buffer<ArrayBuffer>
  export default bytes
}

// What is used of an API that Node has and its types leave to the DOM library.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: object)
    readonly exports: object
  }
}
