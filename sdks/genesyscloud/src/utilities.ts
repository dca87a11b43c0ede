import * as pulumi from "@pulumi/pulumi";

/** Version of the plug-in that serves this SDK; sent with every request. */
export const VERSION = "0.1.0";

/** Arguments of a resource, all of them inputs. */
type Args = Record<string, unknown>;

/** What the classes share: tokens, required arguments, version. */
export abstract class GenesysResource extends pulumi.CustomResource {
  /**
   * @param type token of the resource
   * @param properties every input and output, so that each becomes an output of the class
   * @param required inputs without which the resource cannot be declared
   */
  constructor(
    type: string,
    name: string,
    properties: readonly string[],
    required: readonly string[],
    args: object | undefined,
    opts: pulumi.CustomResourceOptions = {},
  ) {
    const given = (args ?? {}) as Args;
    if (!opts.urn && opts.id === undefined) {
      for (const key of required)
        if (given[key] === undefined) throw new Error(`Missing required property '${key}' of ${type} '${name}'`);
    }
    const props: Args = {};
    for (const key of properties) props[key] = given[key];
    // Keys this SDK does not know go along: the provider names them in its own words.
    for (const key of Object.keys(given)) if (!(key in props)) props[key] = given[key];
    super(type, name, props, pulumi.mergeOptions({ version: VERSION }, opts));
  }
}

/** Calls a data source. */
export function invoke<T>(token: string, args: object, opts?: pulumi.InvokeOptions): Promise<T> {
  return pulumi.runtime.invoke(token, args as pulumi.Inputs, { version: VERSION, ...opts });
}

/** Calls a data source with arguments that may be outputs. */
export function invokeOutput<T>(token: string, args: object, opts?: pulumi.InvokeOutputOptions): pulumi.Output<T> {
  return pulumi.runtime.invokeOutput<T>(token, args as pulumi.Inputs, { version: VERSION, ...opts });
}
