// get, import, invoke, secrets, an explicit provider.
module.exports = async ({ Note, Provider, say, config, E }) => {
  const out = {};
  if (E.GET) out.extId = new Note("ext", {}, { id: E.GET }).id;
  if (E.IMPORT)
    new Note(
      "imp",
      { text: E.IMPORT_TEXT ?? "imported", kind: "x" },
      { import: E.IMPORT, protect: true, retainOnDelete: true },
    );
  if (E.SAY) out.said = (await say(E.SAY)).said;
  if (E.SECRET) {
    const text = E.SECRET === "FAIL" ? config.require("token") : "t";
    const s = new Note("s", { text, kind: "x", secretText: config.requireSecret("token") });
    out.token = s.secretText;
  }
  if (E.REGION) {
    const provider = new Provider("mine", { region: E.REGION });
    new Note("p", { text: "p", kind: "x" }, { provider });
  }
  if (E.UNKNOWN_REGION) {
    const a = new Note("a", { text: E.UNKNOWN_REGION, kind: "x" });
    const provider = new Provider("late", { region: a.length.apply((n) => `r${n}`) });
    new Note("q", { text: E.Q_TEXT ?? "q", kind: "x" }, { provider });
  }
  return out;
};
