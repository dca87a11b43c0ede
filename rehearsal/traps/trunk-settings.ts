import * as pulumi from "@pulumi/pulumi";
import type { Declared } from "./trap";
import { TRUNK_TYPE } from "./types";

/** Changes settings of the BYOC trunk as it is declared, by key; what was secret stays secret. Other resources stay as they are. */
export function changeTrunk(r: Declared, changes: Readonly<Record<string, unknown>>): void {
  if (r.type !== TRUNK_TYPE) return;
  r.props.properties = pulumi.output(r.props.properties as string).apply((text) => {
    const properties = JSON.parse(text);
    for (const [key, instance] of Object.entries(changes)) properties[key] = { value: { instance } };
    return JSON.stringify(properties);
  });
}
