import { ProviderUnderTest } from "../lib/testing";
import { FakeGenesys } from "./fake";
import { genesyscloud } from "./provider";

/** Type token of a resource by its Pascal name. */
export const token = (name: string) => `genesyscloud:index/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`;

/** The provider, configured for a fake organisation that has a location (`loc`) and its home division (`home`). */
export async function providerOnFake(): Promise<{ api: FakeGenesys; p: ProviderUnderTest }> {
  const api = await FakeGenesys.open();
  api.objects.set("/api/v2/locations/loc", { id: "loc", name: "Chicago", emergencyNumber: { number: "911" } });
  api.objects.set("/api/v2/authorization/divisions/home", { id: "home", name: "Home" });
  const p = await ProviderUnderTest.of(genesyscloud);
  await p.configure(api.config);
  return { api, p };
}
