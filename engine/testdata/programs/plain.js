// The shape of the recorded scenario "a": a component with a child, a property dependent, a dependsOn.
module.exports = ({ Note, Box, pulumi, E }) => {
  if (E.EMPTY) return {};
  const box = new Box("box");
  const a = new Note("a", { text: E.A_TEXT ?? "a", kind: E.A_KIND ?? "x" }, { parent: box });
  const b = new Note("b", { text: pulumi.interpolate`b-${a.id}`, kind: "x" });
  new Note("c", { text: "c", kind: "x" }, { dependsOn: [b], protect: E.C_PROTECT === "1" });
  return { aLen: a.length };
};
