/**
 * A provider resource as a resource among others: it is checked, compared, made, changed and replaced by the same steps as all, and its
 * own "provider" is the plug-in's configuration. Nothing outside the engine is written by it. Source: Pulumi pkg/resource/deploy/providers/registry.go.
 */
import { randomUUID } from "node:crypto";
import type { Deployment } from "./deployment";
import type { Diff } from "./diff";
import { type CheckFailure, Provider, withoutInternal } from "./provider";
import type { State } from "./state";
import { packageOfProvider } from "./urn";
import { type Props, UNKNOWN } from "./values";

/** Answers for one provider resource. */
export class ProviderResource extends Provider {
  private readonly pkg: string;

  private constructor(
    private readonly d: Deployment,
    private readonly next: State,
    bare: Provider,
  ) {
    super(bare.client, bare.abilities, true);
    this.pkg = packageOfProvider(next.type);
  }

  /** For the provider resource that is about to become `next`. */
  static async open(d: Deployment, next: State): Promise<ProviderResource> {
    return new ProviderResource(d, next, await d.o.plugins.bare(next.urn, packageOfProvider(next.type)));
  }

  override check(_: State, olds: Props, news: Props): Promise<{ inputs: Props; failures: CheckFailure[] }> {
    return this.d.o.plugins.checkConfig(this.next.urn, this.next.type, this.pkg, olds, news);
  }

  override diff(old: State, news: Props): Promise<Diff> {
    return this.diffConfig(old, news);
  }

  override async create(_: State, inputs: Props, _timeoutSeconds: number, preview: boolean) {
    const id = preview ? UNKNOWN : randomUUID();
    await this.configure(preview ? "" : id, inputs);
    return { id, outputs: withoutInternal(inputs) };
  }

  override async update(old: State, inputs: Props): Promise<Props> {
    await this.configure(old.id, inputs);
    return withoutInternal(inputs);
  }

  override async keep(old: State, inputs: Props): Promise<void> {
    await this.configure(old.id, inputs);
  }

  private async configure(id: string, inputs: Props): Promise<void> {
    const { d, next } = this;
    try {
      d.addProvider(next, await d.o.plugins.configure(next.urn, next.type, this.pkg, id, inputs));
    } catch (e) {
      throw new Error(`could not configure the provider ${next.urn}: ${(e as Error).message}`);
    }
  }
}
