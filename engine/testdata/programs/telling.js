// One resource of the name that makes the test pack tell its settings.
module.exports = ({ Note }) => {
  new Note("tell", { text: "t", kind: "x" });
};
