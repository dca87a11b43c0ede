/**
 * Heavy modules that the SDK loads at start but needs only for some programs: the TypeScript compiler and npm's readers, to
 * serialise functions (two thirds of the SDK's loading time), the Automation API, and what sends traces, where somebody asked for them.
 * They are loaded on first use instead; whoever uses them gets the very same modules.
 */
import Module from "node:module";

const HEAVY = new Set([
  "typescript",
  "@npmcli/arborist",
  "normalize-package-data",
  "js-yaml",
  "./automation",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
]);
type Loader = (request: string, parent: { filename?: string } | undefined, isMain: boolean) => unknown;

/** From here on those modules are stand-ins, for requests out of `@pulumi/pulumi` only. */
export function loadHeavyModulesLate(): void {
  const m = Module as unknown as { _load: Loader };
  const load = m._load;
  m._load = function (this: unknown, request, parent, isMain) {
    if (!HEAVY.has(request) || !/[\\/]@pulumi[\\/]pulumi[\\/]/.test(parent?.filename ?? "")) {
      return load.call(this, request, parent, isMain);
    }
    return standIn(() => load.call(this, request, parent, isMain) as object);
  };
}

/**
 * The SDK starts ts-node for every policy pack, and type-checks by it. A pack whose entry is JavaScript has nothing for it to do: it is told
 * of a TypeScript that is never loaded (0.4 s of every start).
 */
export function leaveTypeScriptOut(): void {
  const m = Module as unknown as { _load: Loader };
  const load = m._load;
  m._load = function (this: unknown, request, parent, isMain) {
    const asks = /[\\/]@pulumi[\\/]pulumi[\\/](cmd[\\/]run-policy-pack[\\/]run|tsutils)\.js$/.test(
      parent?.filename ?? "",
    );
    if (asks && /(^|[\\/])typescript(@[\d.]+[\\/]typescript\.js)?$/.test(request)) return { version: "0.0.0" };
    if (asks && /(^|[\\/])ts-node(@[\d.]+)?$/.test(request)) return { VERSION: "0.0.0", register: () => undefined };
    return load.call(this, request, parent, isMain);
  };
}

/** An object that becomes the module at the first look at it. */
function standIn(load: () => object): object {
  let loaded: Record<PropertyKey, unknown> | undefined;
  const real = () => {
    loaded ??= load() as Record<PropertyKey, unknown>;
    return loaded;
  };
  return new Proxy(
    {},
    {
      get: (_, key) => {
        // Asked by the import helpers of compiled code; answered yes, they use this object as it is and copy nothing.
        if (key === "__esModule") return true;
        if (key === "default") return real().default ?? real();
        return real()[key];
      },
      has: (_, key) => key in real(),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor: (_, key) => {
        const d = Reflect.getOwnPropertyDescriptor(real(), key);
        return d && { ...d, configurable: true };
      },
    },
  );
}
