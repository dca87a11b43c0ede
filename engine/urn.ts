/** Uniform resource names: `urn:pulumi:<stack>::<project>::<parent types$>type::name`. */

export const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_PREFIX = "pulumi:providers:";

/** Makes a URN; the Stack does not show in the types of its children. */
export function makeUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const above = parent ? qualifiedType(parent) : "";
  const prefix = above && above !== STACK_TYPE ? `${above}$` : "";
  return `urn:pulumi:${stack}::${project}::${prefix}${type}::${name}`;
}

/** Types from the outermost component inwards, joined by `$`. */
export const qualifiedType = (urn: string): string => urn.split("::")[2] ?? "";
/** The resource's own type, without its parents'. */
export const typeOf = (urn: string): string => qualifiedType(urn).split("$").pop() as string;
/** Name, stack and project of a URN. */
export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
export const stackOf = (urn: string): string => (urn.split("::")[0] as string).slice("urn:pulumi:".length);
export const projectOf = (urn: string): string => urn.split("::")[1] ?? "";

/** `pulumi:providers:<package>`, the type of a provider resource, and its package. */
export const isProviderType = (type: string): boolean => type.startsWith(PROVIDER_PREFIX);
export const providerType = (pkg: string): string => PROVIDER_PREFIX + pkg;
export const packageOfProvider = (type: string): string => type.slice(PROVIDER_PREFIX.length);
/** `genesyscloud:index/ivr:Ivr` -> `genesyscloud`. */
export const packageOf = (token: string): string => token.split(":")[0] as string;

/** A provider reference is `<urn>::<id>`. */
export function parseReference(ref: string): { urn: string; id: string } {
  const at = ref.lastIndexOf("::");
  return { urn: ref.slice(0, at), id: ref.slice(at + 2) };
}

/** Default providers are named `default` or `default_<version>`, the version's `.`, `-` and `+` written `_`. */
export const defaultProviderName = (version: string): string =>
  version ? `default_${version.replace(/[.+-]/g, "_")}` : "default";
/** Whether a provider resource is the one that the engine made for its package. */
export const isDefaultProvider = (urn: string): boolean =>
  isProviderType(typeOf(urn)) && /^default(_|$)/.test(nameOf(urn));
