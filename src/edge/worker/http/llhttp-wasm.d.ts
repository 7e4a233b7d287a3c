declare module 'undici/lib/llhttp/llhttp_simd-wasm.js' {
  const bytes: Buffer<ArrayBuffer>
  export default bytes
}

// Subset of an API that Node has and its types leave to the DOM library.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: object)
    readonly exports: object
  }
}
