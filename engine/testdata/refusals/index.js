// Asks for one thing that the embedded engine does not do, by name, beside an ordinary resource.
const pulumi = require("@pulumi/pulumi");

class Note extends pulumi.CustomResource {
  constructor(name, opts) {
    super("tiny:index:Note", name, { text: "t", kind: "x", length: undefined }, { version: "0.1.0", ...opts });
  }
}
class Remote extends pulumi.ComponentResource {
  constructor(name) {
    super("tiny:index:Remote", name, {}, {}, true);
  }
}
const asks = {
  "stack transform": () => pulumi.runtime.registerResourceTransform((args) => args),
  "invoke transform": () => pulumi.runtime.registerInvokeTransform((args) => args),
  "resource transform": () => new Note("t", { transforms: [(args) => args] }),
  "resource hook": () => {
    const hook = new pulumi.ResourceHook("h", () => undefined);
    new Note("h", { hooks: { beforeCreate: [hook] } });
  },
  "remote component": () => new Remote("r"),
  "method call": () => pulumi.runtime.call("tiny:index:Note/go", {}),
  "stack reference": () => new pulumi.StackReference("organization/other/prod"),
  "dynamic provider": () => new pulumi.dynamic.Resource({ create: async () => ({ id: "1", outs: {} }) }, "d", {}),
  "parameterised package": () =>
    pulumi.runtime.registerPackage({
      baseProviderName: "bridge",
      baseProviderVersion: "1.0.0",
      baseProviderDownloadUrl: "",
      packageName: "big",
      packageVersion: "1.0.0",
      base64Parameter: "",
    }),
  "error hook": () => {
    const hook = new pulumi.ErrorHook("e", async () => false);
    new Note("e", { hooks: { onError: [hook] } });
  },
};

module.exports = async () => {
  const { ask } = new pulumi.Config().requireObject("env");
  if (ask) await asks[ask]();
  new Note("plain");
};
