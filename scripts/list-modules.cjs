// Loaded into a host by scripts/sdk.mjs: tells the files it has loaded when it says that it is ready.
const send = process.send.bind(process);
process.send = (message) => {
  send(message);
  return send(Object.keys(require.cache));
};
