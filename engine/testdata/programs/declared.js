// Declares what the settings list (E.list): one entry a resource, its options by name. `@a.id` and `@a.length` stand for outputs of an
// earlier entry, `$token` for the secret of the configuration. Scenarios of test/conformance are data for this program.
module.exports = async ({ Note, Box, Provider, say, config, pulumi, E }) => {
  const made = {};
  const value = (v) => {
    if (v === "$token") return config.requireSecret("token");
    if (typeof v !== "string" || !v.startsWith("@")) return v;
    const [name, key] = v.slice(1).split(".");
    return pulumi.interpolate`${made[name][key]}`;
  };
  const known = (names) => (names ?? []).map((n) => made[n]);
  for (const { name, as = "note", args = {}, ...o } of E.list ?? []) {
    const props = Object.fromEntries(Object.entries(args).map(([k, v]) => [k, value(v)]));
    const options = { ...o };
    if (o.parent) options.parent = made[o.parent];
    if (o.provider) options.provider = made[o.provider];
    if (o.providers) options.providers = known(o.providers);
    if (o.dependsOn) options.dependsOn = known(o.dependsOn);
    if (o.deletedWith) options.deletedWith = made[o.deletedWith];
    if (o.replaceWith) options.replaceWith = known(o.replaceWith);
    if (o.replacementTrigger) options.replacementTrigger = value(o.replacementTrigger);
    if (as === "box") made[name] = new Box(name, options);
    else if (as === "provider") made[name] = new Provider(name, props);
    else made[name] = new Note(name, as === "get" ? props : { kind: "x", ...props }, options);
  }
  const out = {};
  for (const [k, v] of Object.entries(E.outputs ?? {})) out[k] = value(v);
  if (E.say) out.said = (await say(E.say)).said;
  if (E.throws) throw new Error(E.throws.replace("$token", config.get("token")));
  return out;
};
