// The shape of the recorded scenario "get".
module.exports = ({ Note, pulumi }) => {
  new Note("a", { text: "a", kind: "x" });
  const ext = new Note("ext", {}, { id: "some-id" });
  return { extId: ext.id, sec: pulumi.secret({ deep: ["x"] }) };
};
