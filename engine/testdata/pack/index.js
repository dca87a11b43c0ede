// Policies for the engine's tests: one of each level, one for the stack, one that tells what the pack was told.
const { PolicyPack } = require("@pulumi/policy");
const pulumi = require("@pulumi/pulumi");
const note = (args) => args.type === "tiny:index:Note";

new PolicyPack("demo-policy", {
  policies: [
    {
      name: "no-shouting",
      description: "text must not shout",
      enforcementLevel: "advisory",
      validateResource: (args, report) =>
        note(args) && /[A-Z]{3}/.test(String(args.props.text)) && report("note shouts"),
    },
    {
      name: "no-kind-forbidden",
      description: "kind forbidden is forbidden",
      enforcementLevel: "mandatory",
      validateResource: (args, report) => note(args) && args.props.kind === "forbidden" && report("kind is forbidden"),
    },
    {
      name: "fix-empty",
      description: "empty text is filled in",
      enforcementLevel: "remediate",
      remediateResource: (args) =>
        note(args) && args.props.text === "fixme" ? { ...args.props, text: "fixed" } : undefined,
    },
    {
      name: "tells-settings",
      description: "what the pack was told",
      enforcementLevel: "advisory",
      validateResource: (args, report) => {
        const config = new pulumi.Config("scen");
        if (note(args) && args.name === "tell")
          report(`dry=${pulumi.runtime.isDryRun()} word=${config.get("word")} pid=${process.pid}`);
      },
    },
    {
      name: "max-three-notes",
      description: "no more than three notes",
      enforcementLevel: "mandatory",
      configSchema: { properties: { max: { type: "number", default: 3 } } },
      validateStack: (args, report) => {
        const n = args.resources.filter(note).length;
        if (n > args.getConfig().max) report(`${n} notes`);
      },
    },
  ],
});
