// b hangs on a by a property that forces replacement, c on b by one that does not, d on a by order alone.
module.exports = ({ Note, pulumi, E }) => {
  const deleteBeforeReplace = E.DBR === "1" ? true : E.DBR === "0" ? false : undefined;
  const a = new Note("a", { text: "a", kind: E.A_KIND ?? "x" }, { deleteBeforeReplace });
  const b = new Note("b", { text: "b", kind: pulumi.interpolate`k-${a.id}` }, { protect: E.B_PROTECT === "1" });
  new Note("c", { text: pulumi.interpolate`c-${b.id}`, kind: "x" });
  new Note("d", { text: "d", kind: "x" }, { dependsOn: [a] });
};
