import { EngineLog } from "../../providers/lib/enginelog";
import { Handlers } from "../../providers/lib/handlers";
import type { ProviderSpec } from "../../providers/lib/provider";
import type { Props } from "../../providers/lib/values";

/** A configured stand-in without gRPC around it, for tests: what the engine's calls do, on plain values. */
export async function harness(spec: ProviderSpec<never> | ProviderSpec<unknown>, config: Props, token: string) {
  const handlers = new Handlers(spec as ProviderSpec<unknown>, new EngineLog(undefined));
  await handlers.configure(config, {});
  const urn = `urn:pulumi:dev::cutover::${token}::under-test`;
  return {
    handlers,
    check: (news: Props, olds: Props = {}) => handlers.check(urn, olds, news),
    diff: (id: string, oldInputs: Props, news: Props, olds: Props = oldInputs) =>
      handlers.diff(urn, id, { olds, oldInputs, news, ignore: [] }),
    create: (inputs: Props, preview = false) => handlers.create(urn, inputs, preview),
    read: (id: string, state: Props = {}, inputs: Props = {}) => handlers.read(urn, id, state, inputs),
    update: (id: string, news: Props, olds: Props, oldInputs: Props = olds) =>
      handlers.update(urn, id, news, { olds, oldInputs }, false),
    remove: (id: string, outputs: Props, inputs: Props = outputs) => handlers.delete(urn, id, outputs, inputs),
    invoke: (name: string, args: Props) => handlers.invoke(name, args, false),
  };
}
