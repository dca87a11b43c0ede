/** The policy packs of a stack: started once, kept alive, told of each operation's settings. */
import { resolve } from "node:path";
import { PolicyPack, type PolicySettings } from "./policy";

/** The policy packs of an engine, started once and configured anew where the settings changed. */
export class Packs {
  private packs: Promise<PolicyPack[]> | undefined;
  private settings = "";

  constructor(
    private readonly dirs: readonly string[],
    private readonly hostFile: string,
    private readonly env: Record<string, string>,
    /** Address of the Engine service, started when it is not there yet. */
    private readonly engineAddress: () => Promise<string>,
    private readonly output: (text: string) => void,
  ) {}

  /** All packs, ready for an operation with these settings. Rejects with a UserError when one cannot be loaded. */
  ready(settings: PolicySettings): Promise<PolicyPack[]> {
    const before = this.packs;
    const text = JSON.stringify(settings);
    const same = text === this.settings;
    this.settings = text;
    const packs = this.prepare(before, same, settings);
    this.packs = packs;
    packs.catch(() => {
      // The next operation tries again from the start.
      if (this.packs === packs) this.packs = undefined;
    });
    return packs;
  }

  async close(): Promise<void> {
    const packs = await this.packs?.catch(() => []);
    this.packs = undefined;
    await Promise.all((packs ?? []).map((p) => p.close()));
  }

  private async prepare(before: Promise<PolicyPack[]> | undefined, same: boolean, settings: PolicySettings) {
    const old = await before?.catch(() => undefined);
    if (old?.every((p) => p.alive)) {
      if (!same) await Promise.all(old.map((p) => p.prepare(settings)));
      return old;
    }
    const engineAddress = await this.engineAddress();
    const { hostFile, env, output } = this;
    return Promise.all(
      this.dirs.map((dir) => PolicyPack.start({ dir: resolve(dir), hostFile, engineAddress, env, settings, output })),
    );
  }
}
