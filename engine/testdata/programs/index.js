// Runs the program named by SCENARIO, with the classes of the tests' provider at hand.
const pulumi = require("@pulumi/pulumi");

class Note extends pulumi.CustomResource {
  constructor(name, args, opts) {
    super("tiny:index:Note", name, { length: undefined, ...args }, { version: "0.1.0", ...opts });
  }
}
class Box extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("demo:index:Box", name, {}, opts);
  }
}
class Provider extends pulumi.ProviderResource {
  constructor(name, args, opts) {
    super("tiny", name, args, opts);
  }
}
const say = (word, opts) => pulumi.runtime.invoke("tiny:index:say", { word }, { version: "0.1.0", ...opts });
const config = new pulumi.Config();
// The scenario's settings travel as configuration, so that one engine can walk through several.
const E = config.getObject("env") ?? {};

module.exports = () => require(`./${E.SCENARIO ?? "plain"}.js`)({ pulumi, Note, Box, Provider, say, config, E });
