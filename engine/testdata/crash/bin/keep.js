// A provider whose things live in a file, so that they outlast every process. Names are not unique: a thing made twice is there
// twice. It knows `cutover-interrupted` (CUTOVER_TEST_BLIND=1: it does not). Steered by a file, it kills its engine at a call:
// {"at": "create b", "when": "before" | "after" the store was changed}.
const { createRequire } = require("node:module");
const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = sdk("@grpc/grpc-js");
const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb");
const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb");
const pb = require("@pulumi/pulumi/proto/provider_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const fs = require("node:fs");
const path = require("node:path");

const dir = path.dirname(process.env.CUTOVER_TEST_LOG);
const file = (name) => path.join(dir, name);
const js = (s) => (s ? s.toJavaScript() : {});
const short = (urn) => urn.split("::").pop();
const same = (a, b) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

function json(name) {
  try {
    return JSON.parse(fs.readFileSync(file(name), "utf8"));
  } catch {
    return {};
  }
}
const store = () => json("store.json");
function save(things) {
  fs.writeFileSync(file("store.json.next"), JSON.stringify(things, null, 1));
  fs.renameSync(file("store.json.next"), file("store.json"));
}

// What the engine must survive: it is gone before it hears the answer.
async function crashPoint(at, when) {
  const steer = json("steer.json");
  if (steer.at !== at || steer.when !== when) return;
  process.kill(process.ppid, "SIGKILL");
  await new Promise(() => undefined);
}

const answer = (id, props) => {
  const a = new pb.CreateResponse();
  a.setId(id);
  a.setProperties(Struct.fromJavaScript(props));
  return a;
};

const work = {
  configure: () => {
    const a = new pb.ConfigureResponse();
    a.setAcceptsecrets(true);
    a.setSupportspreview(true);
    return a;
  },
  check: (r) => {
    const a = new pb.CheckResponse();
    a.setInputs(r.getNews());
    return a;
  },
  diff: (r) => {
    const [olds, news] = [js(r.getOlds()), js(r.getNews())];
    const keys = Object.keys(news).filter((k) => olds[k] !== news[k]);
    const a = new pb.DiffResponse();
    const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
    a.setChanges(keys.length ? DIFF_SOME : DIFF_NONE);
    a.setDiffsList(keys);
    if (keys.includes("kind")) a.setReplacesList(["kind"]);
    a.setDeletebeforereplace(news.kind === "dbr");
    return a;
  },
  create: (r, call) => {
    const props = js(r.getProperties());
    if (r.getPreview()) return answer("", props);
    const things = store();
    const told = process.env.CUTOVER_TEST_BLIND ? undefined : call.metadata.get("cutover-interrupted")[0];
    const known = told ? JSON.parse(told).ids : [];
    const left = told && Object.keys(things).find((id) => !known.includes(id) && same(things[id], props));
    const id = left ?? `thing-${Object.keys(things).length}-${Math.random().toString(16).slice(2, 10)}`;
    if (!left) save({ ...things, [id]: props });
    if (told) {
      const headers = new grpc.Metadata();
      headers.set("cutover-resumed", left ? "adopted" : "made");
      call.sendMetadata(headers);
    }
    return answer(id, props);
  },
  invoke: (r) => {
    if (process.env.CUTOVER_TEST_BLIND || r.getTok() !== "cutover:index:leftBehind") throw new Error(r.getTok());
    const { inputs, ids } = js(r.getArgs());
    const things = store();
    const left = Object.keys(things).find((id) => !ids.includes(id) && same(things[id], inputs));
    const a = new pb.InvokeResponse();
    a.setReturn(Struct.fromJavaScript(left ? { id: left, outputs: things[left] } : {}));
    return a;
  },
  read: (r) => {
    const a = new pb.ReadResponse();
    const found = store()[r.getId()];
    if (!found) return a;
    a.setId(r.getId());
    a.setProperties(Struct.fromJavaScript(found));
    a.setInputs(Struct.fromJavaScript(found));
    return a;
  },
  update: (r) => {
    const news = js(r.getNews());
    const a = new pb.UpdateResponse();
    a.setProperties(Struct.fromJavaScript(news));
    if (!r.getPreview()) save({ ...store(), [r.getId()]: news });
    return a;
  },
  delete: (r) => {
    const { [r.getId()]: _, ...rest } = store();
    save(rest);
    return new Empty();
  },
};

const server = new grpc.Server();
const impl = {};
for (const key of Object.keys(ResourceProviderService)) {
  const plain = { getPluginInfo: () => new PluginInfo(), cancel: () => new Empty() }[key];
  impl[key] = async (call, done) => {
    if (plain) return done(null, plain());
    if (!work[key]) return done({ code: 12, details: key });
    const r = call.request;
    const at = r.getUrn && key !== "configure" ? `${key} ${short(r.getUrn())}` : key;
    const preview = r.getPreview?.() ?? false;
    fs.appendFileSync(process.env.CUTOVER_TEST_LOG, `${JSON.stringify({ call: key, name: at.split(" ")[1], at, preview, pid: process.pid })}\n`);
    if (!preview) await crashPoint(at, "before");
    let a;
    try {
      a = work[key](r, call);
    } catch (e) {
      return done({ code: 2, details: e.message });
    }
    if (!preview) await crashPoint(at, "after");
    done(null, a);
  };
}
server.addService(ResourceProviderService, impl);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (e, port) => {
  if (e) throw e;
  console.log(String(port));
});
if (process.env.CUTOVER_PLUGIN_STDIN === "1") process.stdin.on("end", () => process.exit(0)).resume();
for (const s of ["SIGINT", "SIGTERM"]) process.on(s, () => process.exit(0));
