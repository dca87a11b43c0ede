/** The two services a program speaks to: ResourceMonitor and Engine, answered for the operation that runs. */
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import eng from "@pulumi/pulumi/proto/engine_pb";
import type * as EngineProto from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import res from "@pulumi/pulumi/proto/resource_pb";
import type * as ResourceProto from "@pulumi/pulumi/proto/resource_pb";
import { message } from "./apply";
import { defaultProvider } from "./defaults";
import type { Deployment } from "./deployment";
import { readGoal } from "./goal";
import { provproto } from "./provider";
import { readResource } from "./reading";
import { ANNOUNCED_TO_REFUSE, refuse, refuseStackReference, refuseUnoffered } from "./refusals";
import { register } from "./registration";
import { Code, Empty, fromStruct, type Handlers, StatusError, serve, toStruct } from "./rpc";
import { packageOf } from "./urn";
import { normaliseAssets, type Props } from "./values";

/** What programs may use; everything else makes the SDK refuse in a sentence of its own. */
const FEATURES = new Set<string>([
  "secrets",
  "resourceReferences",
  "outputValues",
  "aliasSpecs",
  "deletedWith",
  "replaceWith",
  "replacementTrigger",
  ...ANNOUNCED_TO_REFUSE,
]);
const SEVERITIES = ["debug", "info", "warning", "error"] as const;

/** The operation at work, as the services see it. */
export interface Current {
  deployment: Deployment;
  /** The program has loaded and speaks. */
  first(): void;
  /** The program is done and waits for the end of the operation. */
  signal(): Promise<void>;
}

/** Serves both services on one port for the engine's whole life; `current` is asked at each call. */
export function serveMonitor(current: () => Current | undefined, stray: (severity: string, text: string) => void) {
  const now = (): Current => {
    const c = current();
    if (!c) throw new StatusError(Code.UNAVAILABLE, "no operation is running");
    return c;
  };
  return serve([
    { service: ResourceMonitorService, handlers: monitorHandlers(now) },
    { service: EngineService, handlers: engineHandlers(current, stray) },
  ]);
}

function monitorHandlers(now: () => Current): Handlers {
  return {
    supportsFeature: (r: ResourceProto.SupportsFeatureRequest) => {
      const a = new res.SupportsFeatureResponse();
      a.setHassupport(FEATURES.has(r.getId()));
      return a;
    },
    registerResource: (r: ResourceProto.RegisterResourceRequest) => during(now(), (d) => registerResource(d, r)),
    registerResourceOutputs: (r: ResourceProto.RegisterResourceOutputsRequest) =>
      registerOutputs(now().deployment, r.getUrn(), fromStruct(r.getOutputs())),
    readResource: (r: ResourceProto.ReadResourceRequest) => during(now(), (d) => read(d, r)),
    invoke: (r: ResourceProto.ResourceInvokeRequest) => during(now(), (d) => invoke(d, r)),
    signalAndWaitForShutdown: async () => {
      await now().signal();
      return new Empty();
    },
    registerPackage: (r: ResourceProto.RegisterPackageRequest) => {
      return refuse(now().deployment, `uses the parameterised package ${r.getName()}`);
    },
    call: (r: ResourceProto.ResourceCallRequest) => refuse(now().deployment, `calls the method ${r.getTok()}`),
    registerStackTransform: () => refuse(now().deployment, "registers a transform of all resources"),
    registerStackInvokeTransform: () => refuse(now().deployment, "registers a transform of invokes"),
    registerResourceHook: (r: ResourceProto.RegisterResourceHookRequest) =>
      refuse(now().deployment, `registers the resource hook "${r.getName()}"`),
    registerErrorHook: (r: ResourceProto.RegisterErrorHookRequest) =>
      refuse(now().deployment, `registers the error hook "${r.getName()}"`),
  };
}

/** A call of the program's: it waits until the operation is ready, and the operation's end waits for it. */
function during<T>({ deployment: d, first }: Current, work: (d: Deployment) => Promise<T>): Promise<T> {
  first();
  // Why it never became ready is told by the operation itself; any status but this one sends the SDK into a long trace.
  const ready = d.ready.catch(() => {
    throw new StatusError(Code.UNAVAILABLE, "the operation is ending");
  });
  return d.track(ready.then(() => work(d)));
}

async function registerResource(d: Deployment, r: ResourceProto.RegisterResourceRequest) {
  refuseUnoffered(d, r);
  const answer = await register(d, readGoal(r));
  const a = new res.RegisterResourceResponse();
  a.setUrn(answer.urn);
  a.setId(answer.id);
  a.setObject(toStruct(answer.outputs));
  const { FAIL, SKIP, SUCCESS } = res.Result;
  a.setResult(answer.skipped ? SKIP : answer.failed ? FAIL : SUCCESS);
  return a;
}

/** Outputs of a component are final at once; the Stack's wait for the end of the operation. */
function registerOutputs(d: Deployment, urn: string, raw: Props): InstanceType<typeof Empty> {
  const outputs = normaliseAssets(raw, d.o.project.pwd);
  if (d.untargetedCreates.has(urn) || d.unmade.has(urn)) return new Empty();
  const state = d.news.get(urn);
  if (!state) d.die(urn, `the program registers outputs of ${urn}, which it has not registered`);
  if (urn === d.stackUrn) {
    d.stackOutputs = outputs;
    return new Empty();
  }
  state.outputs = outputs;
  d.o.snapshot.changed(state);
  const step = d.awaitingOutputs.get(urn);
  d.awaitingOutputs.delete(urn);
  if (step) d.o.reporter.outputs(step);
  return new Empty();
}

async function read(d: Deployment, r: ResourceProto.ReadResourceRequest) {
  refuseStackReference(d, r.getType(), r.getName());
  const state = await readResource(d, {
    type: r.getType(),
    name: r.getName(),
    id: r.getId(),
    parent: r.getParent(),
    provider: r.getProvider(),
    version: r.getVersion(),
    pluginDownloadURL: r.getPlugindownloadurl(),
    inputs: fromStruct(r.getProperties()),
    dependencies: r.getDependenciesList(),
    additionalSecretOutputs: r.getAdditionalsecretoutputsList(),
  });
  const a = new res.ReadResourceResponse();
  a.setUrn(state.urn);
  a.setProperties(toStruct(state.outputs));
  return a;
}

async function invoke(d: Deployment, r: ResourceProto.ResourceInvokeRequest) {
  d.ensureRunning();
  const token = r.getTok();
  const args = fromStruct(r.getArgs());
  const a = new provproto.InvokeResponse();
  if (packageOf(token) === "pulumi") {
    a.setReturn(toStruct(builtin(d, token, args)));
    return a;
  }
  let result: { result: Props; failures: { property: string; reason: string }[] };
  try {
    const ref =
      r.getProvider() || (await defaultProvider(d, packageOf(token), r.getVersion(), r.getPlugindownloadurl()));
    const provider = await d.provider(ref);
    result = await provider.invoke(token, args, d.preview);
  } catch (e) {
    if (e instanceof StatusError) throw e;
    // The program learns of it as an exception it may handle; the SDK tells the user when it does not.
    throw new StatusError(Code.UNKNOWN, `invocation of ${token} returned an error: ${message(e)}`);
  }
  a.setReturn(toStruct(result.result));
  a.setFailuresList(
    result.failures.map((f) => {
      const c = new provproto.CheckFailure();
      c.setProperty(f.property);
      c.setReason(f.reason);
      return c;
    }),
  );
  return a;
}

/** Functions the engine itself answers (Pulumi pkg/resource/deploy/builtins.go). */
function builtin(d: Deployment, token: string, args: Props): Props {
  if (token === "pulumi:pulumi:getResource") {
    const state = d.news.get(String(args.urn));
    if (!state) throw new StatusError(Code.UNKNOWN, `unknown resource ${args.urn}`);
    return { urn: state.urn, id: state.id, state: state.outputs };
  }
  return refuse(d, `calls ${token}`);
}

function engineHandlers(current: () => Current | undefined, stray: (severity: string, text: string) => void): Handlers {
  let root = "";
  return {
    log: (r: EngineProto.LogRequest) => {
      const severity = SEVERITIES[r.getSeverity()] ?? "info";
      const text = r.getMessage().replace(/\n$/, "");
      const reporter = current()?.deployment.o.reporter;
      if (reporter) reporter.say(severity, text, r.getUrn() || undefined, r.getEphemeral());
      else stray(severity, text);
      return new Empty();
    },
    getRootResource: () => {
      const a = new eng.GetRootResourceResponse();
      a.setUrn(root);
      return a;
    },
    setRootResource: (r: EngineProto.SetRootResourceRequest) => {
      root = r.getUrn();
      return new eng.SetRootResourceResponse();
    },
    requirePulumiVersion: () => new eng.RequirePulumiVersionResponse(),
  };
}
