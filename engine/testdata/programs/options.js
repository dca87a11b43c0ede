// One resource option after another, steered by the settings.
module.exports = ({ Note, Box, E, pulumi }) => {
  const a = new Note(
    "a",
    { text: E.A_TEXT ?? "a", kind: "x", ...(E.A_DEEP ? { deep: { list: [1, E.A_DEEP] } } : {}) },
    {
      protect: E.A_PROTECT === "1",
      ignoreChanges: E.A_IGNORE ? [E.A_IGNORE] : [],
      replaceOnChanges: E.A_REPLACE_ON ? [E.A_REPLACE_ON] : [],
      retainOnDelete: E.A_RETAIN === "1",
      replacementTrigger: E.A_TRIGGER,
    },
  );
  if (E.DROP_B !== "1") {
    new Note(
      E.B_NAME ?? "b",
      { text: E.B_TEXT ?? "b", kind: "x" },
      {
        dependsOn: [a],
        retainOnDelete: E.B_RETAIN === "1",
        protect: E.B_PROTECT === "1",
        deletedWith: E.B_WITH === "1" ? a : undefined,
        aliases: E.B_NAME ? [{ name: "b" }] : [],
      },
    );
  }
  if (E.BOX) {
    const box = new Box(E.BOX, { aliases: E.BOX_WAS ? [{ name: E.BOX_WAS }] : [] });
    new Note(`${E.BOX}-in`, { text: "in", kind: "x" }, { parent: box });
  }
  if (E.THROW) throw new Error("the program gave up");
  return E.NO_OUTPUTS ? {} : { len: a.length, hidden: pulumi.secret("hush-output") };
};
