// A provider for the engine's tests, raw on the SDK's protos. What it does is steered by the inputs:
// kind changed = replacement (kind "dbr" = deleted first), text BAD / FAIL / INIT / slow*, and by a file that the tests rewrite.
// Each call goes to the log as one JSON line, before it acts.
const { createRequire } = require("node:module");
const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = sdk("@grpc/grpc-js");
const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb");
const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb");
const { Any } = sdk("google-protobuf/google/protobuf/any_pb");
const pb = require("@pulumi/pulumi/proto/provider_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const fs = require("node:fs");
const path = require("node:path");

const previewing = path.basename(process.argv[1]) === "tiny.js" && process.env.CUTOVER_TEST_PREVIEWING === "1";
const logFile = process.env.CUTOVER_TEST_LOG;
const log = (call, more) => logFile && fs.appendFileSync(logFile, `${JSON.stringify({ call, pid: process.pid, ...more })}\n`);
const js = (s) => (s ? s.toJavaScript() : {});
const short = (urn) => urn.split("::").pop();
const SIG = "4dabf18193072939515e22adb298388d";
const bare = (v) => (v && v[SIG] ? v.value : v);
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
let configured = 0;

function steer() {
  try {
    return JSON.parse(fs.readFileSync(process.env.CUTOVER_TEST_STEER, "utf8"));
  } catch {
    return {};
  }
}

function refuse(message, code = 2, metadata) {
  return Object.assign(new Error(message), { code, details: message, metadata });
}

function varint(n) {
  const out = [];
  while (n > 127) {
    out.push((n & 127) | 128);
    n >>>= 7;
  }
  return Buffer.from([...out, n]);
}

// google.rpc.Status with one detail: what grpc-go sends when a resource exists but did not come up right.
function initFailed(id, properties) {
  const detail = new pb.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(Struct.fromJavaScript(properties));
  detail.setReasonsList(["it did not come up"]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const body = Buffer.from(any.serializeBinary());
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.concat([Buffer.from([0x08, 2, 0x1a]), varint(body.length), body]));
  return refuse("resource failed to initialise", 2, metadata);
}

const handlers = {
  getPluginInfo: () => new PluginInfo(),
  configure: (r) => {
    log("configure", { args: js(r.getArgs()), times: ++configured, env: Object.keys(process.env).sort() });
    const a = new pb.ConfigureResponse();
    a.setAcceptsecrets(true);
    a.setAcceptresources(true);
    a.setSupportspreview(previewing);
    return a;
  },
  diffConfig: (r) => {
    const olds = js(r.getOldInputs());
    const news = js(r.getNews());
    log("diffConfig", { olds, news });
    const a = new pb.DiffResponse();
    a.setChanges(pb.DiffResponse.DiffChanges.DIFF_SOME);
    if (!same(olds.region, news.region)) a.setReplacesList(["region"]);
    return a;
  },
  check: (r) => {
    const news = js(r.getNews());
    log("check", { name: short(r.getUrn()), olds: js(r.getOlds()), news });
    const a = new pb.CheckResponse();
    a.setInputs(r.getNews());
    if (bare(news.text) === "BAD") {
      const f = new pb.CheckFailure();
      f.setProperty("text");
      f.setReason("text must not be BAD");
      a.setFailuresList([f]);
    }
    return a;
  },
  diff: (r) => {
    const olds = js(r.getOlds());
    const news = js(r.getNews());
    log("diff", { name: short(r.getUrn()), olds, oldInputs: js(r.getOldInputs()), news });
    const a = new pb.DiffResponse();
    if (steer().diffUnknown) return a;
    const keys = ["text", "kind", "secretText", "deep"].filter((k) => !same(bare(olds[k]), bare(news[k])));
    const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
    a.setChanges(keys.length ? DIFF_SOME : DIFF_NONE);
    // The recorded provider names no changed keys; only some tests want them.
    if (steer().diffs) a.setDiffsList(keys);
    if (keys.includes("kind")) a.setReplacesList(["kind"]);
    a.setDeletebeforereplace(bare(news.kind) === "dbr");
    return a;
  },
  create: async (r) => {
    const props = js(r.getProperties());
    const name = short(r.getUrn());
    log("create", { name, props, preview: r.getPreview() });
    const text = String(bare(props.text));
    const outs = { ...props, length: text.length };
    const a = new pb.CreateResponse();
    a.setProperties(Struct.fromJavaScript(r.getPreview() ? props : outs));
    if (r.getPreview()) return a;
    if (text.startsWith("slow")) await sleep(Number(text.slice(4)) || 60_000);
    if (text === "FAIL") throw refuse("create refused");
    if (text === "TELL") throw refuse(`create refused, for secretText is ${JSON.stringify(bare(props.secretText))}`);
    const id = `note-${Math.random().toString(16).slice(2, 8)}`;
    if (text === "INIT") throw initFailed(id, outs);
    a.setId(id);
    log("created", { name, id });
    return a;
  },
  read: (r) => {
    const name = short(r.getUrn());
    const had = r.getProperties();
    log("read", { name, id: r.getId(), hasProperties: r.hasProperties(), props: js(had) });
    const a = new pb.ReadResponse();
    if (steer().gone === name || r.getId() === "nowhere") return a;
    a.setId(r.getId());
    const found = r.hasProperties() ? js(had) : { text: "imported", kind: "x", length: 8 };
    if (steer().drift === name) found.text = "drifted";
    const { length: _, ...inputs } = found;
    a.setProperties(Struct.fromJavaScript(found));
    if (!r.hasProperties()) a.setInputs(Struct.fromJavaScript(inputs));
    return a;
  },
  update: async (r) => {
    const news = js(r.getNews());
    log("update", { name: short(r.getUrn()), olds: js(r.getOlds()), news, preview: r.getPreview() });
    const text = String(bare(news.text));
    if (text.startsWith("slow") && !r.getPreview()) await sleep(Number(text.slice(4)) || 60_000);
    if (text === "FAIL") throw refuse("update refused");
    const a = new pb.UpdateResponse();
    a.setProperties(Struct.fromJavaScript({ ...news, length: text.length }));
    return a;
  },
  delete: (r) => {
    const name = short(r.getUrn());
    log("delete", { name, id: r.getId() });
    const { quote } = steer();
    const quoted = quote ? `, for ${quote} is ${JSON.stringify(bare(js(r.getProperties())[quote]))}` : "";
    if (steer().deleteFails === name) throw refuse(`delete refused${quoted}`);
    return new Empty();
  },
  invoke: (r) => {
    log("invoke", { token: r.getTok(), args: js(r.getArgs()), preview: r.getPreview() });
    const a = new pb.InvokeResponse();
    a.setReturn(Struct.fromJavaScript({ said: `${bare(js(r.getArgs()).word)}!` }));
    return a;
  },
  cancel: () => new Empty(),
};

const server = new grpc.Server();
const impl = {};
for (const key of Object.keys(ResourceProviderService)) {
  impl[key] = (call, done) => {
    if (!handlers[key]) return done({ code: 12, details: key });
    Promise.resolve()
      .then(() => handlers[key](call.request))
      .then((v) => done(null, v), (e) => done({ code: e.code ?? 2, details: e.message, metadata: e.metadata }));
  };
}
server.addService(ResourceProviderService, impl);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (e, port) => {
  if (e) throw e;
  console.log(String(port));
});
if (process.env.CUTOVER_PLUGIN_STDIN === "1") process.stdin.on("end", () => process.exit(0)).resume();
for (const s of ["SIGINT", "SIGTERM"]) process.on(s, () => process.exit(0));
