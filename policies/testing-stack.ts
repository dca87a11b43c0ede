import { analyzer, call, type Message, type Pack, Struct } from "./testing";

/** A resource of a stack without this project's components, with the options that a pack is told. */
export interface Plain {
  type: string;
  name: string;
  props: Record<string, unknown>;
  /** Protected unless said otherwise. */
  protect?: boolean;
  deleteBeforeReplace?: boolean;
  secretOutputs?: string[];
  /** Names of resources that a property is taken from. */
  from?: Record<string, string[]>;
}

/** A violation, or what `not-judged` tells, with the name of its resource. */
export interface Said {
  policy: string;
  resource: string;
  message: string;
}

const STACK: Plain = { type: "pulumi:pulumi:Stack", name: "acme-dev", props: {} };
const urnOf = ({ type, name }: Plain): string => `urn:pulumi:dev::acme::${type}::${name}`;

function fill(message: Message, r: Plain): Message {
  const options = new analyzer.AnalyzerResourceOptions();
  options.setCustomtimeouts(new analyzer.AnalyzerResourceOptions.CustomTimeouts());
  options.setProtect(r.protect !== false);
  options.setDeletebeforereplace(r.deleteBeforeReplace === true);
  options.setDeletebeforereplacedefined(r.deleteBeforeReplace !== undefined);
  options.setAdditionalsecretoutputsList(r.secretOutputs ?? []);
  message.setType(r.type);
  message.setName(r.name);
  message.setUrn(urnOf(r));
  message.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(r.props))));
  message.setOptions(options);
  return message;
}

const said = (answer: Message, byUrn: Map<string, string>, resource: string): Said[] =>
  answer.getDiagnosticsList().map((d: Message) => ({
    policy: d.getPolicyname(),
    resource: byUrn.get(d.getUrn()) ?? resource,
    // The policy's description comes first, on a line of its own.
    message: String(d.getMessage()).split("\n").slice(1).join("\n") || d.getMessage(),
  }));

/** Judges a whole stack as an engine does in a preview: each resource as it comes, then all of them together. */
export async function judgeStack(pack: Pack, resources: readonly Plain[]): Promise<Said[]> {
  const all = [STACK, ...resources];
  const byUrn = new Map(all.map((r) => [urnOf(r), r.name]));
  const found: Said[] = [];
  for (const r of all) {
    await call(pack, "remediate", fill(new analyzer.AnalyzeRequest(), r));
    found.push(...said(await call(pack, "analyze", fill(new analyzer.AnalyzeRequest(), r)), byUrn, r.name));
  }
  const request = new analyzer.AnalyzeStackRequest();
  request.setResourcesList(
    all.map((r) => {
      const message = fill(new analyzer.AnalyzerResource(), r);
      for (const [key, names] of Object.entries(r.from ?? {})) {
        const urns = new analyzer.AnalyzerPropertyDependencies();
        urns.setUrnsList(all.filter((other) => names.includes(other.name)).map(urnOf));
        message.getPropertydependenciesMap().set(key, urns);
      }
      return message;
    }),
  );
  return [...found, ...said(await call(pack, "analyzeStack", request), byUrn, STACK.name)];
}

const LEVELS = ["advisory", "mandatory", "disabled", "remediate"];

/** The pack's configuration as `--policy-pack-config` has it: properties by policy, with `enforcementLevel` mandatory unless said. */
export async function configurePack(pack: Pack, config: Record<string, Record<string, unknown>>): Promise<void> {
  const request = new analyzer.ConfigureAnalyzerRequest();
  for (const [name, { enforcementLevel = "mandatory", ...properties }] of Object.entries(config)) {
    const entry = new analyzer.PolicyConfig();
    entry.setEnforcementlevel(LEVELS.indexOf(String(enforcementLevel)));
    entry.setProperties(Struct.fromJavaScript(properties));
    request.getPolicyconfigMap().set(name, entry);
  }
  await call(pack, "configure", request);
}
