// N small resources, and whatever fails among them.
module.exports = ({ Note, E }) => {
  const n = Number(E.N ?? 0);
  for (let i = 0; i < n; i++) new Note(`n${i}`, { text: E.N_TEXT ?? "n", kind: "x" });
  if (E.FAIL) {
    const f = new Note("f", { text: "FAIL", kind: "x" });
    new Note("after", { text: "after", kind: "x" }, { dependsOn: [f] });
    new Note("indep", { text: "i", kind: "x" });
  }
  if (E.ONE) new Note("one", { text: E.ONE, kind: "x" });
  if (E.TWICE) for (let i = 0; i < 2; i++) new Note("twin", { text: "t", kind: "x" });
};
