// The shape of the recorded scenario "pol".
module.exports = ({ Note, E }) => {
  const a = new Note("a", { text: E.A_TEXT ?? "ok", kind: E.A_KIND ?? "x" });
  new Note("b", { text: "b", kind: "x" }, { dependsOn: [a] });
  for (let i = 0; i < Number(E.N ?? 0); i++) new Note(`n${i}`, { text: "n", kind: "x" });
};
