/** The part of the WebAssembly API that the renderer uses: Node has it, the compiler's library only with the DOM. */
declare namespace WebAssembly {
  interface ModuleImport {
    readonly module: string;
    readonly name: string;
    readonly kind: string;
  }
  // Only its constructor makes one, and nothing can be asked of it.
  interface Module {
    readonly [Symbol.toStringTag]: "WebAssembly.Module";
  }
  const Module: {
    new (bytes: Uint8Array): Module;
    imports: (module: Module) => ModuleImport[];
  };
  type Exports = Record<string, unknown>;
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Exports;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  interface Global {
    readonly value: number | bigint;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
