import { serve } from "../../../providers/lib/serve";
import { cloudflareProvider } from "./provider";

void serve(cloudflareProvider());
