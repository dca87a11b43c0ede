// The program of the crash tests, in two steps: step 1 makes and adopts, step 2 updates, replaces in both orders, deletes and makes.
const pulumi = require("@pulumi/pulumi");

class Thing extends pulumi.CustomResource {
  constructor(name, args, opts) {
    super("keep:index:Thing", name, { name, kind: "x", text: "1", ...args }, { version: "0.1.0", ...opts });
  }
}

module.exports = async () => {
  const { step } = new pulumi.Config().requireObject("env");
  const second = step === 2;
  const a = new Thing("a", { text: second ? "2" : "1" });
  new Thing("b", { kind: second ? "y" : "x" }, { dependsOn: [a] });
  new Thing("c", { kind: second ? "dbr" : "x" });
  if (second) new Thing("e", {}, { dependsOn: [a] });
  else new Thing("d", {}, { dependsOn: [a] });
  new Thing("i", { text: "found" }, { import: "thing-i" });
};
