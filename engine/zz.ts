import { Bench } from "./testing";
(async () => {
  const b = new Bench({ onEvent: undefined });
  await b.up({ SCENARIO: "options" });
  await b.up({ SCENARIO: "options", THROW: "1" });
  await b.close();
})();
